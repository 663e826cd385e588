import { SignJWT } from 'jose';
import { request } from 'undici';
import { Secret } from '../../lib/secret.js';
import { timeLimit } from '../../lib/time-limit.js';
import type { ServerTrust } from '../../prisma/probe/server-trust.js';
import { agentFor } from '../../prisma/probe/trusting-agent.js';
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
  const token = secret && (await serviceToken(secret, `${service}@${stage}`, now()));
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

/** A token like that of `prisma token`: HS256, signed with the first secret of prisma.yml. */
async function serviceToken(secret: Secret, service: string, now: Date): Promise<Secret> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  const token = await new SignJWT({ data: { service, roles: ['admin'] } })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + TTL_SECONDS)
    .sign(new TextEncoder().encode(secret.reveal()));
  return new Secret(token);
}
