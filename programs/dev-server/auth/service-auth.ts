import { SignJWT } from 'jose';
import { isServiceToken } from '../../service-token.js';
import { ApiError } from '../api-error.js';

const keyOf = (secret: string) => new TextEncoder().encode(secret);

/**
 * Settles when `header` has a token signed with one of the service's secrets, or when the service
 * has no secret. @throws ApiError 3015
 */
export async function verifyServiceToken(
  secrets: readonly string[],
  header: string | undefined,
  now: Date,
): Promise<void> {
  if (secrets.length === 0) return;
  if (await isServiceToken(secrets, header, now)) return;
  throw new ApiError(
    3015,
    'Your token is invalid. It might have expired or you might be using a token from a different project.',
  );
}

/** A token for one day, signed with the first secret; empty when the service has none. */
export async function createServiceToken(secrets: readonly string[], now: Date): Promise<string> {
  const [secret] = secrets;
  if (secret === undefined) return '';
  const seconds = Math.floor(now.getTime() / 1000);
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setNotBefore(seconds)
    .setExpirationTime(seconds + 86_400)
    .sign(keyOf(secret));
}
