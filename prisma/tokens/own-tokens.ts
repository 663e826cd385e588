import type { Secret } from '../../lib/secret.js';
import type { ClusterTokenProps } from './cluster-token.js';
import { derivedSecret } from './derived-secret.js';
import { mintProbeToken } from './probe-token.js';
import { secretKindOf } from './signing-key.js';

/** Tokens for a probe that a cluster's server must accept. */
export interface OwnTokens {
  readonly ownToken: Secret;
  /** Signed with the secret that is derived from the key. @default - the server does not say that it accepts it */
  readonly derivedToken?: Secret;
}

/** Signs one token for each secret that the server says it accepts. */
export async function ownTokens(
  props: Pick<ClusterTokenProps, 'clusterSecret' | 'now'>,
  server: { readonly derivedSecret?: true },
): Promise<OwnTokens> {
  const { clusterSecret } = props;
  const ownToken = await mintProbeToken(props);
  if (server.derivedSecret !== true || secretKindOf(clusterSecret) !== 'rsa') return { ownToken };
  const derived = { ...props, clusterSecret: derivedSecret(clusterSecret) };
  return { ownToken, derivedToken: await mintProbeToken(derived) };
}
