import { ask } from '../../lib/http/ask.js';
import { jsonAnswer } from '../../lib/http/json-answer.js';
import { NoAnswer } from '../../lib/http/no-answer.js';
import type { Secret } from '../../lib/secret.js';
import type { Generation } from '../generation.js';
import { mintClusterToken } from '../tokens/cluster-token.js';
import { signServiceToken } from '../tokens/service-token.js';
import { clockAhead, clockReason } from './clock.js';
import { askManagement, type ManagementPath } from './management-client.js';
import type { ServerTrust } from './server-trust.js';
import { tlsOptionsOf } from './tls-options.js';
import { Unreachable } from './unreachable.js';

/** State of a service on a server. */
export interface ServiceState {
  /** Number of the last migration. The creation of a service is the first. */
  readonly revision: number;
  /** Such as `SUCCESS`, `IN_PROGRESS`, `ROLLBACK_SUCCESS`. */
  readonly status: string;
  readonly errors: readonly string[];
  /** Steps that are applied, while it runs. */
  readonly applied?: number | undefined;
}

/** A service on a server. */
export interface ServicePlace {
  /** Base address of the server. */
  readonly host: string;
  /** What verifies an https server. @default - the well-known authorities */
  readonly trust?: ServerTrust | undefined;
  readonly service: string;
  readonly stage: string;
}

/** Clock, and the signal that ends requests. */
export interface Asking {
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

const TTL_SECONDS = 60;
const API_MS = 10_000;
/** Error codes for a service that does not exist. */
const NO_SERVICE = [4000, 3016];
/** Error code for a token that is refused. */
const REFUSED = 3015;

/**
 * The state of a service, as the management API reports it; `undefined`: there is no such service.
 * @throws Unreachable for every other answer
 */
export async function askService(
  { host, trust, service, stage }: ServicePlace,
  { generation, clusterSecret }: { generation: Generation; clusterSecret: Secret },
  { now, signal }: Asking,
): Promise<ServiceState | undefined> {
  const path: ManagementPath = generation === 'A' ? '/cluster' : '/management';
  const token = await mintClusterToken({
    clusterSecret,
    grants: [{ target: `${service}/${stage}`, action: 'migrationStatus' }],
    ttlSeconds: TTL_SECONDS,
    now: now(),
  });
  const named = `name: ${JSON.stringify(service)}, stage: ${JSON.stringify(stage)}`;
  const query = `{ migrationStatus(${named}) { revision status errors applied } }`;
  const reply = await askManagement({ host, trust, path, query, token, signal });
  const state = reply.data?.migrationStatus as Partial<ServiceState> | null | undefined;
  if (state != null) {
    const { revision = 0, status = '', errors = [], applied } = state;
    return { revision, status, errors, applied };
  }
  if (reply.code !== undefined && NO_SERVICE.includes(reply.code)) return undefined;
  throw new Unreachable(reply.message ?? 'its response has neither data nor an error');
}

/** How the API of a service answers. `closed`: it is not reached from here, so nobody knows. */
export type ApiAnswer =
  | { readonly kind: 'accepted' | 'closed' }
  /** @param clock why it may refuse the right secret */
  | { readonly kind: 'refused'; readonly clock: string | undefined };

/**
 * Asks the API of a service whether it accepts a secret of prisma.yml, or requests without any.
 * @throws Unreachable for every other answer
 */
export async function askServiceApi(
  { host, trust, service, stage }: ServicePlace,
  secret: Secret | undefined,
  { now, signal }: Asking,
): Promise<ApiAnswer> {
  const claims = { service, stage, ttlSeconds: TTL_SECONDS, now: now() };
  const token = secret && (await signServiceToken(secret, claims));
  const { status, headers, text } = await ask({
    url: new URL(`/${service}/${stage}`, host),
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token.reveal()}` }),
    },
    body: JSON.stringify({ query: '{ __typename }' }),
    tls: tlsOptionsOf(trust),
    timeoutMs: API_MS,
    signal,
  }).catch(asUnreachable);
  if (status === 403) return { kind: 'closed' };
  const { data, code, message } = replyIn(text);
  if (data?.__typename !== undefined) return { kind: 'accepted' };
  if (code !== REFUSED) throw new Unreachable(message ?? `it answers with status ${status}`);
  return { kind: 'refused', clock: clockReason(clockAhead(headers.date, now().getTime())) };
}

interface Reply {
  readonly data?: { readonly __typename?: unknown } | null | undefined;
  readonly code?: unknown;
  readonly message?: string | undefined;
}

function replyIn(text: string): Reply {
  let body: unknown;
  try {
    body = jsonAnswer(text);
  } catch (error) {
    return asUnreachable(error);
  }
  const { data, errors } = (body ?? {}) as { data?: Reply['data']; errors?: unknown };
  const first = (Array.isArray(errors) ? errors[0] : undefined) as Partial<Reply> | undefined;
  return { data, code: first?.code, message: first?.message && String(first.message) };
}

function asUnreachable(error: unknown): never {
  if (error instanceof NoAnswer) throw new Unreachable(error.message, { cause: error });
  throw error;
}
