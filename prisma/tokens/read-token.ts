import { type CryptoKey, compactVerify } from 'jose';

/**
 * The key that verifies signatures. `undefined`: the configured key is unusable, no token passes.
 */
export type TokenKey = CryptoKey | Uint8Array | undefined;

/** Why a token is refused, in upstream's words, which the CLIs show. */
export class TokenRefused extends Error {
  override name = 'TokenRefused';
}

/** A key and its only algorithm. */
export interface TokenCheck {
  readonly algorithm: 'RS256' | 'HS256';
  readonly key: TokenKey;
}

const WRONG_SIGNATURE = 'Invalid signature for this token or wrong algorithm.';

/**
 * The claims of a signed token that is valid at `now`. Checks `exp` and `nbf` when they are there,
 * not `iat`.
 * @throws TokenRefused
 */
export async function readToken(
  token: string,
  algorithm: 'RS256' | 'HS256',
  key: TokenKey,
  now: Date,
): Promise<Record<string, unknown>> {
  const parts = token.split('.');
  if (parts.length !== 2 && parts.length !== 3) {
    throw new TokenRefused(
      `Expected token [${token}] to be composed of 2 or 3 parts separated by dots.`,
    );
  }
  if (!parts[2]) {
    throw new TokenRefused(
      'No signature found inside the token while trying to verify it with a key.',
    );
  }
  const claims = await verifiedClaims(token, algorithm, key);
  const seconds = now.getTime() / 1000;
  if (typeof claims.exp === 'number' && claims.exp <= seconds) {
    throw new TokenRefused(`The token is expired since ${instant(claims.exp)}`);
  }
  if (typeof claims.nbf === 'number' && claims.nbf > seconds) {
    throw new TokenRefused(`The token will only be valid after ${instant(claims.nbf)}`);
  }
  return claims;
}

/**
 * {@link readToken} with several keys: each with its own algorithm; the algorithm in the token's header decides
 * nothing.
 */
export async function readTokenOfAny(token: string, checks: readonly TokenCheck[], now: Date) {
  for (const check of checks) {
    try {
      return { claims: await readToken(token, check.algorithm, check.key, now), check };
    } catch (error) {
      if (!(error instanceof TokenRefused) || error.message !== WRONG_SIGNATURE) throw error;
    }
  }
  throw new TokenRefused(WRONG_SIGNATURE);
}

async function verifiedClaims(
  token: string,
  algorithm: string,
  key: TokenKey,
): Promise<Record<string, unknown>> {
  if (key === undefined) throw new TokenRefused(WRONG_SIGNATURE);
  try {
    const { payload } = await compactVerify(token, key, { algorithms: [algorithm] });
    const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
    if (typeof claims === 'object' && claims !== null) return claims as Record<string, unknown>;
  } catch {
    // The caller must not learn which of the checks failed.
  }
  throw new TokenRefused(WRONG_SIGNATURE);
}

function instant(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace('.000Z', 'Z');
}
