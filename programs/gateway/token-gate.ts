import { createPublicKey, createSecretKey } from 'node:crypto';
import { type CryptoKey, importSPKI, SignJWT } from 'jose';
import type { Secret } from '../../lib/secret.js';
import { readTokenOfAny, type TokenCheck, TokenRefused } from '../../prisma/tokens/read-token.js';
import { claimsSchema, type Demand, type Grant, grantFor, isGranted } from '../grants.js';

/** Lifetime of the tokens that the gateway signs: the server checks them at once. */
const OWN_TOKEN_SECONDS = 300;

/** A refusal in the servers' words, which the CLIs show. */
export class TokenProblem extends Error {
  override name = 'TokenProblem';

  constructor(
    reason: string,
    /** The refused right; `undefined`: the token itself is refused. */
    readonly demand?: Demand,
  ) {
    super(`Authentication token is invalid: ${reason}`);
  }
}

/** A client of the management API, by its token. */
export interface Caller {
  /** Why the token is not valid; `undefined` when it is. Its grants are not considered. */
  readonly problem: string | undefined;
  /**
   * The `Authorization` header for the server; `undefined` when no demand needs one.
   * @throws TokenProblem
   */
  authorize(demands: readonly Demand[]): Promise<string | undefined>;
}

/** Authorizes requests to the management API before they reach the server. */
export interface TokenGate {
  /** It verifies the secret that is derived from the cluster's key pair. */
  readonly acceptsDerived: boolean;
  /** Verifies a token. @param header `Authorization` as received */
  caller(header: string | undefined): Promise<Caller>;
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
  /** The secret derived from the cluster's key pair: verifies HS256. A server without a secret has it too. */
  readonly derivedSecret?: Secret | undefined;
  readonly now: () => Date;
}): Promise<TokenGate> {
  const { clusterKey, serverSecret, derivedSecret, now } = props;
  const secret = serverSecret && bytesOf(serverSecret);
  const checks: TokenCheck[] = [];
  if (clusterKey) checks.push({ algorithm: 'RS256', key: await publicKeyOf(clusterKey) });
  if (secret) checks.push({ algorithm: 'HS256', key: secret });
  if (derivedSecret) checks.push({ algorithm: 'HS256', key: bytesOf(derivedSecret) });
  const ownToken = (demands: readonly Demand[], expires: number) => {
    const seconds = Math.floor(now().getTime() / 1000);
    // Grants only the demanded rights: a server that reads the request otherwise refuses it
    // itself.
    const targets = new Map(demands.map(grantFor).map((grant) => [grant.target, grant]));
    return new SignJWT({ grants: [...targets.values()] })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuedAt(seconds)
      .setExpirationTime(Math.min(seconds + OWN_TOKEN_SECONDS, Math.ceil(expires)))
      .sign(createSecretKey(secret ?? new Uint8Array()));
  };
  return {
    acceptsDerived: derivedSecret !== undefined,
    async caller(header) {
      if (header === undefined) return unknownCaller("'Authorization' header not provided");
      const token = header.replace(/^Bearer /, '');
      const verified = await readTokenOfAny(token, checks, now()).catch((error: unknown) => {
        if (!(error instanceof TokenRefused)) throw error;
        return error;
      });
      if (verified instanceof TokenRefused) {
        return unknownCaller(`Token can't be decoded: ${verified.message}`);
      }
      const { claims, check } = verified;
      const read = claimsSchema.safeParse(claims);
      if (!read.success) return unknownCaller('Failed to parse token data');
      return {
        problem: undefined,
        async authorize(demands) {
          if (demands.length === 0) return undefined;
          requireGrants(read.data.grants, demands);
          if (secret === undefined || check.key === secret) return `Bearer ${token}`;
          return `Bearer ${await ownToken(demands, read.data.exp)}`;
        },
      };
    },
  };
}

const bytesOf = (secret: Secret) => new TextEncoder().encode(secret.reveal());

const unknownCaller = (problem: string): Caller => ({
  problem,
  async authorize([first]) {
    if (first !== undefined) throw new TokenProblem(problem, first);
    return undefined;
  },
});

function publicKeyOf(pem: string): Promise<CryptoKey> {
  const normal = createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();
  return importSPKI(normal, 'RS256');
}

/** @throws TokenProblem for the first of `demands` that no grant allows */
function requireGrants(grants: readonly Grant[], demands: readonly Demand[]): void {
  for (const demand of demands) {
    if (grants.some((grant) => isGranted(grant, demand))) continue;
    const count = `${grants.length} grants`;
    throw new TokenProblem(`Token contained ${count} but none satisfied the request.`, demand);
  }
}
