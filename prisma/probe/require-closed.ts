import { environmentError } from '../../lib/errors.js';
import { retryUntil } from '../../lib/retry-until.js';
import { clockError } from './clock.js';
import { Unreachable } from './management-client.js';
import { type AuthProbe, probeAuth } from './probe-auth.js';

/** What {@link requireClosed} takes. */
export interface ClosedGate extends AuthProbe {
  /** Reads the last lines of the server's log, redacted, for the error. */
  readonly evidence: () => Promise<string>;
  readonly signal?: AbortSignal;
  /** Time limit of an unclear answer: a server may answer before its database is ready. @default 30000 */
  readonly unclearMs?: number;
}

/**
 * The condition of every registration: the server refuses requests without a token and foreign
 * tokens, and accepts ours. @throws KitError `server-open`, `key-refused`, `clock-differs`, `auth-unclear` (exit 3)
 */
export async function requireClosed(props: ClosedGate): Promise<void> {
  const findings = await retryUntil(
    async () => {
      const now = await probeAuth(props);
      if (now.state === 'unclear') throw new UnclearAnswer(now.message);
      return now;
    },
    { timeoutMs: props.unclearMs ?? 30_000, signal: props.signal },
  ).catch((error: unknown) => {
    props.signal?.throwIfAborted();
    if (error instanceof UnclearAnswer || error instanceof Unreachable || isLate(error)) {
      return { state: 'unclear' as const, message: (error as Error).message, clock: undefined };
    }
    throw error;
  });
  if (findings.state === 'ok') return;
  if (findings.state === 'refused' && findings.clock !== undefined) {
    throw clockError(props.host, findings.clock);
  }
  const { code, message, hint } = REASONS[findings.state];
  const words = findings.message === undefined ? '' : ` (it says: ${findings.message})`;
  const log =
    findings.state === 'open' ? '' : `\nLast lines of its log:\n${await props.evidence()}`;
  throw environmentError(code, { path: props.host, message: message + words, hint: hint + log });
}

class UnclearAnswer extends Error {}

const isLate = (error: unknown) => error instanceof Error && error.name === 'TimeoutError';

const REASONS = {
  open: {
    code: 'server-open',
    message: 'the server accepts requests without the cluster’s key, so it is not registered',
    hint: 'It runs without a public key or secret that it reads: check server.version and the variables of its image. Servers from 1.27 on read managementApiSecret only, and are open with a legacySecret.',
  },
  refused: {
    code: 'key-refused',
    message: 'the server refuses the cluster’s own key',
    hint: 'It runs with another key or secret, or another server answers on this port.',
  },
  unclear: {
    code: 'auth-unclear',
    message: 'the server neither accepts nor refuses the cluster’s key',
    hint: 'Check whether the server reaches its database.',
  },
} as const;
