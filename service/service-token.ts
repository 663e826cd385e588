import { usageError } from '../lib/errors.js';
import type { Secret } from '../lib/secret.js';
import { expiryOf } from '../prisma/tokens/cluster-token.js';
import { signServiceToken } from '../prisma/tokens/service-token.js';
import { loadService, type ServiceRequest } from './deploy/load-service.js';
import { namesOfService } from './names-of-service.js';

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
  const { service, stage } = namesOfService(loaded);
  const token = await signServiceToken(secret, { service, stage, ttlSeconds, now });
  return { service, stage, token, expires: expiryOf(now, ttlSeconds) };
}
