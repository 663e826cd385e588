import { usageError } from '../lib/errors.js';
import type { Secret } from '../lib/secret.js';
import { expiryOf } from '../prisma/tokens/cluster-token.js';
import { signServiceToken } from '../prisma/tokens/service-token.js';
import { type LoadedService, loadService, type ServiceRequest } from './deploy/load-service.js';
import { interpolate } from './prisma-yml/interpolate.js';
import { parseEndpoint, tidyEndpoint } from './prisma-yml/parse-endpoint.js';

/** Result of {@link makeServiceToken}. */
export interface ServiceToken {
  readonly service: string;
  readonly stage: string;
  readonly token: Secret;
  /** ISO 8601. */
  readonly expires: string;
}

/**
 * Runs `token`: signs a token for the API of a service, with the first secret of its prisma.yml. Makes no
 * request.
 *
 * @throws KitError `prisma-yml-invalid`, `service-open` (exit 2)
 */
export async function makeServiceToken(
  request: ServiceRequest & { readonly ttlSeconds: number },
  now: Date,
): Promise<ServiceToken> {
  const loaded = await loadService(request);
  const [secret] = loaded.service.secrets;
  if (secret === undefined) {
    throw usageError('service-open', {
      path: loaded.definition.file,
      message: 'it has no secret, so the API needs no token',
      hint: `Add a line such as secret: \${env:PRISMA_SECRET}, and deploy.`,
    });
  }
  const { ttlSeconds } = request;
  const { service, stage } = namesOf(loaded);
  const token = await signServiceToken(secret, { service, stage, ttlSeconds, now });
  return { service, stage, token, expires: expiryOf(now, ttlSeconds) };
}

/** Service and stage, for the claims; servers check the signature only. */
function namesOf({ service: { service, stage, endpoint }, sources }: LoadedService) {
  const named = { service: service?.value ?? 'default', stage: stage?.value ?? 'default' };
  if (endpoint === undefined) return named;
  // The address of the server may be in a variable that only a deployment knows.
  const raw = endpoint.value ?? endpoint.raw.replace(/^\$\{env:[^}]*\}/, 'http://host');
  const { value } = interpolate(raw, { ...sources, self: {} });
  const parsed = parseEndpoint(tidyEndpoint(String(value)));
  return typeof parsed === 'string' ? named : { service: parsed.service, stage: parsed.stage };
}
