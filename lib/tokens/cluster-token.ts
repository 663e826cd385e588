import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { Secret } from '../secret.js';

/** What a cluster token allows: `target` is `<service>/<stage>` with `*` for either. */
export interface Grant {
  readonly target: string;
  readonly action: string;
}

/** Everything, everywhere: what `prisma` itself signs. */
export const ALL_GRANTS: readonly Grant[] = [{ target: '*/*', action: '*' }];

/** What {@link mintClusterToken} signs. */
export interface ClusterTokenProps {
  /** RSA private key, PEM. */
  readonly privateKey: Secret;
  /** @default ALL_GRANTS */
  readonly grants?: readonly Grant[];
  /** Seconds from `now` until the token expires. Servers require an expiry. */
  readonly ttlSeconds: number;
  readonly now: Date;
}

/**
 * An RS256 cluster token: the JWT that servers up to generation B accept on their management API,
 * with the claims `grants`, `iat` and `exp` that the CLI of 1.0 to 1.8 sends.
 */
export async function mintClusterToken(props: ClusterTokenProps): Promise<Secret> {
  const issuedAt = Math.floor(props.now.getTime() / 1000);
  const token = await new SignJWT({ grants: props.grants ?? ALL_GRANTS })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + props.ttlSeconds)
    .sign(createPrivateKey(props.privateKey.reveal()));
  return new Secret(token);
}
