import { request } from 'undici';
import type { Secret } from '../../lib/secret.js';
import { timeLimit } from '../../lib/time-limit.js';
import type { ServerTrust } from '../../prisma/probe/server-trust.js';
import { agentFor } from '../../prisma/probe/trusting-agent.js';
import { signServiceToken } from '../../prisma/tokens/service-token.js';
import { type Endpoint, endpointOf } from '../prisma-yml/parse-endpoint.js';
import { API_TYPES_QUERY, type ApiType } from './datamodel-differences.js';

const TTL_SECONDS = 60;
const TIMEOUT_MS = 10_000;

/**
 * Reads the types of a service's API. `undefined` when they cannot be read: the API has another secret than
 * prisma.yml, or the response is invalid.
 */
export async function fetchApiTypes(
  { host, service, stage }: Endpoint,
  secrets: readonly Secret[],
  {
    now,
    signal,
    trust,
  }: {
    readonly now: () => Date;
    readonly signal: AbortSignal;
    readonly trust?: ServerTrust | undefined;
  },
): Promise<readonly ApiType[] | undefined> {
  const [secret] = secrets;
  const claims = { service, stage, ttlSeconds: TTL_SECONDS, now: now() };
  const token = secret && (await signServiceToken(secret, claims));
  const dispatcher = agentFor(trust);
  try {
    const { body } = await request(endpointOf(host, service, stage), {
      method: 'POST',
      reset: true,
      ...(dispatcher && { dispatcher }),
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token.reveal()}` }),
      },
      body: JSON.stringify({ query: API_TYPES_QUERY }),
      signal: timeLimit(TIMEOUT_MS, signal),
    });
    const { data } = (await body.json()) as { data?: { __schema?: { types?: ApiType[] } } | null };
    return data?.__schema?.types;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
