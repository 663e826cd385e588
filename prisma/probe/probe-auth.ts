import type { Secret } from '../../lib/secret.js';
import { askManagement, type ManagementPath } from './management-client.js';
import type { ServerTrust } from './server-trust.js';

/** How a server took one attempt to list its services. */
export type Attempt = 'accepted' | 'refused' | 'unclear';

/**
 * What a server's management API does with its callers.
 * - `ok`: only our token is accepted
 * - `open`: a caller without token, or with a foreign one, is accepted
 * - `refused`: our token is not accepted
 * - `unclear`: an answer that is neither (the message tells)
 */
export interface AuthFindings {
  readonly state: 'ok' | 'open' | 'refused' | 'unclear';
  readonly withoutToken: Attempt;
  /** What the strangers met with: the worst of it. */
  readonly foreignToken: Attempt;
  readonly ownToken: Attempt;
  /** The server's words for what `state` is judged by. */
  readonly message: string | undefined;
}

/** The callers of {@link probeAuth}. */
export interface AuthProbe {
  readonly host: string;
  readonly path?: ManagementPath;
  /** A token with a grant for everything, signed with the cluster's secret; `undefined`: none known. */
  readonly ownToken: Secret | undefined;
  /** Tokens of the same form that the server must refuse: of each algorithm one, at least. */
  readonly foreignTokens: readonly Secret[];
  /** What an https server is trusted by. @default - the well-known authorities */
  readonly trust?: ServerTrust | undefined;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The code of every refusal; the HTTP status is 200 all the same. */
const TOKEN_INVALID = 3015;

/**
 * Asks for the list of services as nobody, as strangers and as ourselves: the only query that
 * tells a server that is closed from one that is open. @throws Unreachable
 */
export async function probeAuth(props: AuthProbe): Promise<AuthFindings> {
  const { ownToken, foreignTokens } = props;
  const [none, strangers, own] = await Promise.all([
    attempt(props, undefined),
    Promise.all(foreignTokens.map((token) => attempt(props, token))),
    ownToken === undefined ? undefined : attempt(props, ownToken),
  ]);
  const foreign = worst(strangers);
  const findings = {
    withoutToken: none.outcome,
    foreignToken: foreign.outcome,
    ownToken: own?.outcome ?? ('refused' as const),
  };
  if (none.outcome === 'accepted' || foreign.outcome === 'accepted') {
    return { ...findings, state: 'open', message: undefined };
  }
  if (own === undefined || own.outcome === 'refused') {
    return { ...findings, state: 'refused', message: (own ?? none).message };
  }
  const odd = [none, foreign, own].find(({ outcome }) => outcome === 'unclear');
  return odd === undefined
    ? { ...findings, state: 'ok', message: undefined }
    : { ...findings, state: 'unclear', message: odd.message };
}

/** What one of many got, when it is bad: let in, or not clearly refused. */
function worst(answers: readonly Answer[]): Answer {
  return (
    answers.find(({ outcome }) => outcome === 'accepted') ??
    answers.find(({ outcome }) => outcome === 'unclear') ?? {
      outcome: 'refused',
      message: undefined,
    }
  );
}

interface Answer {
  readonly outcome: Attempt;
  readonly message: string | undefined;
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
  if (Array.isArray(reply.data?.listProjects)) return { outcome: 'accepted', message: undefined };
  const outcome = reply.code === TOKEN_INVALID ? 'refused' : 'unclear';
  return { outcome, message: reply.message };
}
