import { createPublicKey, createSecretKey } from 'node:crypto';
import { type CryptoKey, importSPKI, SignJWT } from 'jose';
import type { Secret } from '../../lib/secret.js';
import { readToken, type TokenKey, TokenRefused } from '../../prisma/tokens/read-token.js';
import { claimsSchema, type Demand, grantFor, isGranted } from '../grants.js';

/** Lifetime of the tokens that the gateway signs: the server checks them at once. */
const OWN_TOKEN_SECONDS = 300;
const WRONG_SIGNATURE = 'Invalid signature for this token or wrong algorithm.';

/** A refusal in the servers' words, which the CLIs show. */
export class TokenProblem extends Error {
  override name = 'TokenProblem';

  constructor(
    reason: string,
    /** The refused right. */
    readonly demand: Demand,
  ) {
    super(`Authentication token is invalid: ${reason}`);
  }
}

/** Authorizes requests to the management API before they reach the server. */
export interface TokenGate {
  /**
   * The `Authorization` header for the server; `undefined` when no demand needs one.
   * @param header as received
   * @throws TokenProblem
   */
  admit(demands: readonly Demand[], header: string | undefined): Promise<string | undefined>;
}

/** A key and its only algorithm. */
interface Check {
  readonly algorithm: 'RS256' | 'HS256';
  readonly key: Exclude<TokenKey, undefined>;
}

/** @throws when the key is not an RSA public key */
export async function createTokenGate(props: {
  /** Public half of the cluster's key pair (SPKI PEM): verifies RS256, and nothing else. */
  readonly clusterKey?: string | undefined;
  /**
   * The server's own secret: verifies HS256, and signs tokens for the server. Without it the server
   * has the same public key, and receives the token unchanged.
   */
  readonly serverSecret?: Secret | undefined;
  readonly now: () => Date;
}): Promise<TokenGate> {
  const { clusterKey, serverSecret, now } = props;
  const secret = serverSecret && new TextEncoder().encode(serverSecret.reveal());
  const checks: Check[] = [];
  if (clusterKey) checks.push({ algorithm: 'RS256', key: await publicKeyOf(clusterKey) });
  if (secret) checks.push({ algorithm: 'HS256', key: secret });
  return {
    async admit(demands, header) {
      const [first] = demands;
      if (first === undefined) return undefined;
      if (header === undefined)
        throw new TokenProblem("'Authorization' header not provided", first);
      const token = header.replace(/^Bearer /, '');
      const { claims, algorithm } = await verify(token, checks, now()).catch((error: unknown) => {
        if (!(error instanceof TokenRefused)) throw error;
        throw new TokenProblem(`Token can't be decoded: ${error.message}`, first);
      });
      const expires = requireGrants(claims, demands, first);
      if (secret === undefined || algorithm === 'HS256') return `Bearer ${token}`;
      const seconds = Math.floor(now().getTime() / 1000);
      // Grants only the demanded rights: a server that reads the request otherwise refuses it
      // itself.
      const own = await new SignJWT({ grants: demands.map(grantFor) })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuedAt(seconds)
        .setExpirationTime(Math.min(seconds + OWN_TOKEN_SECONDS, Math.ceil(expires)))
        .sign(createSecretKey(secret));
      return `Bearer ${own}`;
    },
  };
}

function publicKeyOf(pem: string): Promise<CryptoKey> {
  const normal = createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();
  return importSPKI(normal, 'RS256');
}

/** Tries each key with its own algorithm; the algorithm in the token's header decides nothing. */
async function verify(token: string, checks: readonly Check[], now: Date) {
  for (const { algorithm, key } of checks) {
    try {
      return { claims: await readToken(token, algorithm, key, now), algorithm };
    } catch (error) {
      if (!(error instanceof TokenRefused) || error.message !== WRONG_SIGNATURE) throw error;
    }
  }
  throw new TokenRefused(WRONG_SIGNATURE);
}

/** Expiry of the claims in seconds, if they allow all of `demands`. @throws TokenProblem */
function requireGrants(claims: unknown, demands: readonly Demand[], first: Demand): number {
  const read = claimsSchema.safeParse(claims);
  if (!read.success) throw new TokenProblem('Failed to parse token data', first);
  const { grants, exp } = read.data;
  for (const demand of demands) {
    if (grants.some((grant) => isGranted(grant, demand))) continue;
    const count = `${grants.length} grants`;
    throw new TokenProblem(`Token contained ${count} but none satisfied the request.`, demand);
  }
  return exp;
}
