import { createPublicKey } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import type { Secret } from '../secret.js';
import type { Grant } from './cluster-token.js';

/** What a token is worth to a server that has the public key. */
export type TokenVerdict =
  | {
      readonly valid: true;
      readonly grants: readonly Grant[];
      readonly issuedAt: Date | undefined;
      readonly expires: Date;
    }
  | { readonly valid: false; readonly reason: string };

/** What {@link verifyClusterToken} checks against. */
export interface TokenCheck {
  /** SPKI PEM. */
  readonly publicKey: string;
  readonly now: Date;
  /** The grants must cover this too, written `<service>/<stage>`. */
  readonly target?: string;
}

/**
 * Judges a cluster token by the rules of the servers: RS256 with the cluster's key and nothing else,
 * an expiry in the future, `nbf` in the past, at least one grant.
 */
export async function verifyClusterToken(token: Secret, check: TokenCheck): Promise<TokenVerdict> {
  const no = (reason: string): TokenVerdict => ({ valid: false, reason });
  try {
    const { payload } = await jwtVerify(
      token
        .reveal()
        .trim()
        .replace(/^Bearer /, ''),
      createPublicKey(check.publicKey),
      { algorithms: ['RS256'], requiredClaims: ['exp'], currentDate: check.now },
    );
    const { grants, iat, exp = 0 } = payload;
    if (!Array.isArray(grants) || !grants.every(isGrant)) return no('it carries no grants');
    const { target } = check;
    if (target !== undefined && !grants.some((grant) => covers(grant.target, target))) {
      return no(`none of its grants covers ${target}`);
    }
    const issuedAt = iat === undefined ? undefined : new Date(iat * 1000);
    return { valid: true, grants, issuedAt, expires: new Date(exp * 1000) };
  } catch (error) {
    return no(reasonOf(error));
  }
}

/** Does a grant for `granted` cover `asked`? Both `<service>/<stage>`, `*` for either. */
export function covers(granted: string, asked: string): boolean {
  const [service, stage, ...rest] = granted.split('/');
  const [askedService, askedStage] = asked.split('/');
  if (!service || !stage || rest.length > 0) return false;
  return (service === '*' || service === askedService) && (stage === '*' || stage === askedStage);
}

function isGrant(value: unknown): value is Grant {
  const { target, action } = (value ?? {}) as Partial<Record<keyof Grant, unknown>>;
  return typeof target === 'string' && typeof action === 'string';
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === 'nbf'
      ? 'it is not valid yet'
      : `its claim '${error.claim}' is missing or wrong`;
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return 'it is not signed with RS256';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'another key has signed it';
  if (error instanceof errors.JOSEError) return 'it is no signed token';
  throw error;
}
