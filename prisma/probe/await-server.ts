import { AbortError } from 'p-retry';
import { environmentError } from '../../lib/errors.js';
import { retryUntil } from '../../lib/retry-until.js';
import { CertificateRefused } from './certificate-refused.js';
import { Unreachable } from './management-client.js';
import { readVersion, type ServerVersion } from './read-version.js';
import type { ServerTrust } from './server-trust.js';

/** What {@link awaitServer} takes. */
export interface ServerWait {
  readonly host: string;
  /** What an https server is trusted by. @default - the well-known authorities */
  readonly trust?: ServerTrust | undefined;
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
 * answer any with 200.
 *
 * @throws KitError `server-not-ready`, or `certificate-…` when its certificate is refused (exit 3)
 */
export async function awaitServer(props: ServerWait): Promise<ServerVersion> {
  const { host, trust, timeoutMs = 120_000, signal } = props;
  let last = 'it was never asked';
  let refusal: CertificateRefused | undefined;
  const attempt = async () => {
    try {
      const version = await readVersion(host, { trust });
      refusal = undefined;
      if (version !== undefined) return version;
      last = 'what answers is not a Prisma 1 server';
    } catch (error) {
      if (!(error instanceof Unreachable)) throw new AbortError(error as Error);
      last = error.message;
      refusal = error instanceof CertificateRefused ? error : undefined;
      // One that has expired may be being renewed; no other becomes good by waiting.
      if (refusal !== undefined && refusal.code !== 'certificate-expired')
        throw new AbortError(last);
    }
    const hopeless = await props.whyHopeless();
    last = hopeless ?? last;
    throw hopeless === undefined ? new Error(last) : new AbortError(last);
  };
  try {
    return await retryUntil(attempt, { timeoutMs, signal });
  } catch (cause) {
    signal?.throwIfAborted();
    if (refusal !== undefined) throw refused(host, refusal);
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

const refused = (path: string, { code, message, hint }: CertificateRefused) =>
  environmentError(code, { path, message, hint });
