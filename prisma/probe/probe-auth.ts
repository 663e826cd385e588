import type { Secret } from '../../lib/secret.js';
import { PROBED } from '../tokens/probe-token.js';
import { clockReason } from './clock.js';
import { askManagement, type ManagementPath, type ManagementReply } from './management-client.js';
import type { ServerTrust } from './server-trust.js';

/** How a server answered one request; `untried`: it was not sent. */
export type Attempt = 'accepted' | 'refused' | 'unclear' | 'untried';

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
  /** A token of `mintProbeToken`; `undefined`: no secret is known. */
  readonly ownToken: Secret | undefined;
  /** See `OwnTokens`. The server must accept both. */
  readonly derivedToken?: Secret | undefined;
  /** Tokens with all grants that the server must refuse, at least one of each algorithm. */
  readonly foreignTokens: readonly Secret[];
  /** What verifies an https server. @default - the well-known authorities */
  readonly trust?: ServerTrust | undefined;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The code of every refusal; its HTTP status is 200. */
const TOKEN_INVALID = 3015;

const LIST = '{ listProjects { name stage } }';
const OWN = `{ project(name: "${PROBED.name}", stage: "${PROBED.stage}") { name } }`;

/**
 * Asks for the list of services without a token and with foreign tokens: only this query shows whether a
 * server is closed. Whoever refuses these is asked with our own token, about a service that does not exist.
 * @throws Unreachable
 */
export async function probeAuth(props: AuthProbe): Promise<AuthFindings> {
  const { ownToken, derivedToken, foreignTokens } = props;
  const [none, ...foreignAnswers] = await Promise.all(
    [undefined, ...foreignTokens].map((token) => attempt(props, token)),
  );
  if (none === undefined) throw new Error('a request without a token is always sent');
  const foreign = worst(foreignAnswers);
  const findings = {
    withoutToken: none.outcome,
    foreignToken: foreign.outcome,
    ownToken: 'untried' as const,
  };
  const { outcome, message } = worst([none, foreign]);
  if (outcome === 'accepted') return { ...findings, state: 'open', message: undefined };
  if (ownToken === undefined) return { ...findings, state: 'refused', message: none.message };
  if (outcome !== 'refused') return { ...findings, state: 'unclear', message };
  const ownAnswers = await Promise.all(
    [ownToken, derivedToken].flatMap((token) => (token ? [attemptOwn(props, token)] : [])),
  );
  const own = ownAnswers.find((each) => each.outcome !== 'accepted') ?? ACCEPTED;
  const state = own.outcome === 'accepted' ? 'ok' : own.outcome;
  const { clock } = own;
  return {
    ...{ ...findings, ownToken: own.outcome, state, message: own.message },
    ...(state === 'refused' && clock !== undefined && { clock }),
  };
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
  readonly outcome: Exclude<Attempt, 'untried'>;
  readonly message: string | undefined;
  readonly clock: string | undefined;
}

const ACCEPTED: Answer = { outcome: 'accepted', message: undefined, clock: undefined };

async function attempt(props: AuthProbe, token: Secret | undefined): Promise<Answer> {
  const reply = await send(props, LIST, token);
  return Array.isArray(reply.data?.listProjects) ? ACCEPTED : notAccepted(reply);
}

/** The code of a service that does not exist: the server looks it up after it has accepted the token. */
const NO_SERVICE = 4000;

async function attemptOwn(props: AuthProbe, token: Secret): Promise<Answer> {
  const reply = await send(props, OWN, token);
  const isFound = typeof reply.data?.project === 'object' && reply.data.project !== null;
  return isFound || reply.code === NO_SERVICE ? ACCEPTED : notAccepted(reply);
}

const notAccepted = ({ code, message, clockAheadMs }: ManagementReply): Answer => ({
  outcome: code === TOKEN_INVALID ? 'refused' : 'unclear',
  message,
  clock: clockReason(clockAheadMs),
});

const send = (
  { host, path, trust, timeoutMs, signal }: AuthProbe,
  query: string,
  token: Secret | undefined,
): Promise<ManagementReply> =>
  askManagement({
    host,
    query,
    signal,
    trust,
    ...(path && { path }),
    ...(timeoutMs && { timeoutMs }),
    ...(token && { token }),
  });
