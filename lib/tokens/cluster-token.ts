import { SignJWT } from 'jose';
import { Secret } from '../secret.js';
import { signingKey } from './signing-key.js';

/** What a cluster token allows: `target` is `<service>/<stage>` with `*` for either. */
export interface Grant {
  readonly target: string;
  readonly action: string;
}

/** Everything, everywhere: what `prisma` itself signs. */
export const ALL_GRANTS: readonly Grant[] = [{ target: '*/*', action: '*' }];

/** What {@link mintClusterToken} signs. */
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
 * A cluster token: the JWT that a server's management API accepts, with the claims `grants`, `iat`
 * and `exp` that the CLIs send. RS256 for a private key, HS256 for a shared secret.
 */
export async function mintClusterToken(props: ClusterTokenProps): Promise<Secret> {
  const issuedAt = Math.floor(props.now.getTime() / 1000);
  const { alg, key } = signingKey(props.clusterSecret);
  const token = await new SignJWT({ grants: props.grants ?? ALL_GRANTS })
    .setProtectedHeader({ alg, typ: 'JWT' })
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + props.ttlSeconds)
    .sign(key);
  return new Secret(token);
}
