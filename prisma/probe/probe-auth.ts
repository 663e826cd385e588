import type { Secret } from '../../lib/secret.js';
import { clockReason } from './clock.js';
import { askManagement, type ManagementPath } from './management-client.js';
import type { ServerTrust } from './server-trust.js';

/** How a server answered one request for the list of its services. */
export type Attempt = 'accepted' | 'refused' | 'unclear';

/**
 * Whom a server's management API accepts.
 * - `ok`: only our token
 * - `open`: also requests without a token or with a foreign one
 * - `refused`: not even our token
 * - `unclear`: another answer (see `message`)
 */
export interface AuthFindings {
  readonly state: 'ok' | 'open' | 'refused' | 'unclear';
  readonly withoutToken: Attempt;
  /** The worst answer to the foreign tokens. */
  readonly foreignToken: Attempt;
  readonly ownToken: Attempt;
  /** The server's message for the deciding answer. */
  readonly message: string | undefined;
  /** Why it may refuse our token although the secret is right. @default - the clocks agree */
  readonly clock?: string;
}

/** The tokens that {@link probeAuth} tries. */
export interface AuthProbe {
  readonly host: string;
  readonly path?: ManagementPath;
  /** A token with all grants, signed with the cluster's secret; `undefined`: no secret is known. */
  readonly ownToken: Secret | undefined;
  /** Tokens of the same form that the server must refuse, at least one of each algorithm. */
  readonly foreignTokens: readonly Secret[];
  /** What verifies an https server. @default - the well-known authorities */
  readonly trust?: ServerTrust | undefined;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The code of every refusal; its HTTP status is 200. */
const TOKEN_INVALID = 3015;

/**
 * Asks for the list of services without a token, with foreign tokens and with our own: only this
 * query shows whether a server is closed. @throws Unreachable
 */
export async function probeAuth(props: AuthProbe): Promise<AuthFindings> {
  const { ownToken, foreignTokens } = props;
  const [none, foreignAnswers, own] = await Promise.all([
    attempt(props, undefined),
    Promise.all(foreignTokens.map((token) => attempt(props, token))),
    ownToken === undefined ? undefined : attempt(props, ownToken),
  ]);
  const foreign = worst(foreignAnswers);
  const findings = {
    withoutToken: none.outcome,
    foreignToken: foreign.outcome,
    ownToken: own?.outcome ?? ('refused' as const),
  };
  if (none.outcome === 'accepted' || foreign.outcome === 'accepted') {
    return { ...findings, state: 'open', message: undefined };
  }
  if (own === undefined || own.outcome === 'refused') {
    const clock = own?.clock;
    return {
      ...{ ...findings, state: 'refused', message: (own ?? none).message },
      ...(clock !== undefined && { clock }),
    };
  }
  const odd = [none, foreign, own].find(({ outcome }) => outcome === 'unclear');
  return odd === undefined
    ? { ...findings, state: 'ok', message: undefined }
    : { ...findings, state: 'unclear', message: odd.message };
}

/** The worst of several answers: accepted, or not clearly refused. */
function worst(answers: readonly Answer[]): Answer {
  return (
    answers.find(({ outcome }) => outcome === 'accepted') ??
    answers.find(({ outcome }) => outcome === 'unclear') ?? {
      outcome: 'refused',
      message: undefined,
      clock: undefined,
    }
  );
}

interface Answer {
  readonly outcome: Attempt;
  readonly message: string | undefined;
  readonly clock: string | undefined;
}

async function attempt(
  { host, path, trust, timeoutMs, signal }: AuthProbe,
  token: Secret | undefined,
): Promise<Answer> {
  const reply = await askManagement({
    host,
    query: '{ listProjects { name stage } }',
    signal,
    trust,
    ...(path && { path }),
    ...(timeoutMs && { timeoutMs }),
    ...(token && { token }),
  });
  const clock = clockReason(reply.clockAheadMs);
  if (Array.isArray(reply.data?.listProjects)) {
    return { outcome: 'accepted', message: undefined, clock };
  }
  const outcome = reply.code === TOKEN_INVALID ? 'refused' : 'unclear';
  return { outcome, message: reply.message, clock };
}
