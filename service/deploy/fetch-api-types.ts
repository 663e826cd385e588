import { ask } from '../../lib/http/ask.js';
import { jsonAnswer } from '../../lib/http/json-answer.js';
import type { Secret } from '../../lib/secret.js';
import type { ServerTrust } from '../../prisma/probe/server-trust.js';
import { tlsOptionsOf } from '../../prisma/probe/tls-options.js';
import { signServiceToken } from '../../prisma/tokens/service-token.js';
import { type Endpoint, endpointOf } from '../prisma-yml/parse-endpoint.js';
import { API_TYPES_QUERY, type ApiType } from './datamodel-differences.js';

const TTL_SECONDS = 60;
const TIMEOUT_MS = 10_000;
/** The types of a large service take some megabytes. */
const MAX_BYTES = 32 * 1024 * 1024;

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
  try {
    const { text } = await ask({
      url: endpointOf(host, service, stage),
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token.reveal()}` }),
      },
      body: JSON.stringify({ query: API_TYPES_QUERY }),
      tls: tlsOptionsOf(trust),
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      signal,
    });
    const { data } = jsonAnswer(text) as { data?: { __schema?: { types?: ApiType[] } } | null };
    return data?.__schema?.types;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
