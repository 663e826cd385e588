import { SignJWT } from 'jose';
import { Secret } from '../secret.js';
import { ALL_GRANTS } from './cluster-token.js';

/**
 * An HS256 cluster token with all grants, for servers from 1.7 on that run with a
 * `managementApiSecret` in place of a key pair.
 */
export async function mintSharedSecretToken(
  secret: Secret,
  ttlSeconds: number,
  now: Date,
): Promise<Secret> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  const token = await new SignJWT({ grants: ALL_GRANTS })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ttlSeconds)
    .sign(new TextEncoder().encode(secret.reveal()));
  return new Secret(token);
}
