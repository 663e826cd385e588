import { AbortError } from 'p-retry';
import { environmentError } from '../../lib/errors.js';
import { retryUntil } from '../../lib/retry-until.js';
import { CertificateRefused } from './certificate-refused.js';
import { Unreachable } from './management-client.js';
import { readVersion, type ServerVersion } from './read-version.js';
import type { ServerTrust } from './server-trust.js';

/**
 * Waits until a Prisma 1 server answers the version query. A `GET` is not enough: servers up to
 * 1.26 answer every `GET` with 200.
 *
 * @throws KitError `server-not-ready`, or `certificate-…` when its certificate is refused (exit 3)
 */
export async function awaitServer(props: {
  readonly host: string;
  /** What verifies an https server. @default - the well-known authorities */
  readonly trust?: ServerTrust | undefined;
  /** Why more waiting cannot help, if so; called after every failed attempt. */
  readonly whyHopeless: () => Promise<string | undefined>;
  /** Reads the last lines of the server's log, redacted, for the error. */
  readonly evidence: () => Promise<string>;
  /** @default 120000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}): Promise<ServerVersion> {
  const { host, trust, timeoutMs = 120_000, signal } = props;
  let last: string | undefined;
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
      // An expired certificate may be about to be renewed; the other problems do not go away by
      // themselves.
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
    // The first attempt lasted longer than all of them may.
    last ??= (cause as Error).message;
    if (refusal !== undefined) throw refused(host, refusal);
    throw environmentError('server-not-ready', {
      path: host,
      message: `the server did not become ready: ${last}`,
      hint: `Last lines of its log:\n${await props.evidence()}`,
      cause,
    });
  }
}

const refused = (path: string, { code, message, hint }: CertificateRefused) =>
  environmentError(code, { path, message, hint });
