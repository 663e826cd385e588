import { SignJWT } from 'jose';
import { Secret } from '../../lib/secret.js';
import { type SigningKey, signingKey } from './signing-key.js';

/** What a cluster token allows: `target` is `<service>/<stage>` with `*` for either. */
export interface Grant {
  readonly target: string;
  readonly action: string;
}

/** Everything, everywhere: what `prisma` itself signs. */
export const ALL_GRANTS: readonly Grant[] = [{ target: '*/*', action: '*' }];

/** Input of {@link mintClusterToken}. */
export interface ClusterTokenProps {
  /** The cluster's secret: an RSA private key (PEM), or a shared secret. */
  readonly clusterSecret: Secret;
  /** @default ALL_GRANTS */
  readonly grants?: readonly Grant[];
  /** Seconds from `now` until the token expires. Servers require an expiry. */
  readonly ttlSeconds: number;
  readonly now: Date;
}

/**
 * Signs a cluster token: the JWT that a server's management API accepts, with the claims `grants`,
 * `iat` and `exp` that the CLIs send. RS256 for a private key, HS256 for a shared secret.
 */
export const mintClusterToken = async (props: ClusterTokenProps): Promise<Secret> =>
  signGrants(signingKey(props.clusterSecret), props);

/** Signs a token like {@link mintClusterToken}, with a key that is already read. */
export async function signGrants(
  { alg, key }: SigningKey,
  { grants = ALL_GRANTS, ttlSeconds, now }: Omit<ClusterTokenProps, 'clusterSecret'>,
): Promise<Secret> {
  const issuedAt = secondsOf(now);
  const token = await new SignJWT({ grants })
    .setProtectedHeader({ alg, typ: 'JWT' })
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ttlSeconds)
    .sign(key);
  return new Secret(token);
}

/** Expiry of a token that is signed `now` (ISO 8601), in whole seconds. */
export const expiryOf = (now: Date, ttlSeconds: number): string =>
  new Date((secondsOf(now) + ttlSeconds) * 1000).toISOString();

const secondsOf = (time: Date): number => Math.floor(time.getTime() / 1000);
