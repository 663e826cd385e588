import { createPublicKey, type KeyObject } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Secret } from '../../lib/secret.js';
import type { Grant } from './cluster-token.js';
import { signingKey } from './signing-key.js';

/** Result of {@link verifyToken}. */
export type TokenVerdict =
  | { readonly valid: true; readonly grants: readonly Grant[]; readonly expires: string }
  | { readonly valid: false; readonly reason: string };

const claims = z.object({
  grants: z.array(z.object({ target: z.string(), action: z.string() })),
  exp: z.number(),
});

/**
 * Whether the cluster's server accepts a token. Checks what servers check: signature, the one
 * algorithm that fits the secret, `exp`, `nbf` and the shape of the grants.
 */
export async function verifyToken(
  token: Secret,
  clusterSecret: Secret,
  now: Date,
): Promise<TokenVerdict> {
  const { alg, key } = signingKey(clusterSecret);
  const checked: KeyObject = alg === 'RS256' ? createPublicKey(key) : key;
  try {
    const { payload } = await jwtVerify(
      token
        .reveal()
        .replace(/^Bearer /, '')
        .trim(),
      checked,
      {
        algorithms: [alg],
        currentDate: now,
        requiredClaims: ['exp', 'grants'],
      },
    );
    const { grants, exp } = claims.parse(payload);
    return { valid: true, grants, expires: new Date(exp * 1000).toISOString() };
  } catch (error) {
    return { valid: false, reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signed with another key';
  if (error instanceof errors.JOSEAlgNotAllowed)
    return 'signed with an algorithm that is not allowed';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === 'nbf'
      ? 'it is not valid yet'
      : `its claim ${error.claim} is wrong or missing`;
  }
  if (error instanceof z.ZodError) return 'its grants have the wrong shape';
  if (error instanceof errors.JOSEError) return `it is not a token (${error.message})`;
  throw error;
}
