import { AbortError } from 'p-retry';
import { environmentError } from '../errors.js';
import { retryUntil } from '../retry-until.js';
import { Unreachable } from './management-client.js';
import { readVersion, type ServerVersion } from './read-version.js';

/** What {@link awaitServer} takes. */
export interface ServerWait {
  readonly host: string;
  /** Why waiting longer is in vain, if it is: asked after every failed attempt. */
  readonly whyHopeless: () => Promise<string | undefined>;
  /** Evidence for the error, already redacted: the tail of the server's log. */
  readonly evidence: () => Promise<string>;
  /** @default 120000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Waits until a Prisma 1 server answers the version query. A `GET` would not do: servers up to 1.26
 * answer any with 200. @throws KitError `server-not-ready` (exit 3)
 */
export async function awaitServer(props: ServerWait): Promise<ServerVersion> {
  const { host, timeoutMs = 120_000, signal } = props;
  let last = 'it was never asked';
  const attempt = async () => {
    try {
      const version = await readVersion(host);
      if (version !== undefined) return version;
      last = 'what answers is not a Prisma 1 server';
    } catch (error) {
      if (!(error instanceof Unreachable)) throw new AbortError(error as Error);
      last = error.message;
    }
    const hopeless = await props.whyHopeless();
    last = hopeless ?? last;
    throw hopeless === undefined ? new Error(last) : new AbortError(last);
  };
  try {
    return await retryUntil(attempt, { timeoutMs, signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw environmentError(
      'server-not-ready',
      {
        path: host,
        message: `the server did not become ready: ${last}`,
        hint: `Last lines of its log:\n${await props.evidence()}`,
      },
      cause,
    );
  }
}
