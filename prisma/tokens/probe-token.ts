import type { Secret } from '../../lib/secret.js';
import { type ClusterTokenProps, mintClusterToken } from './cluster-token.js';

/** A service that nobody has. */
export const PROBED = { name: 'clusterkit-probe', stage: 'none' } as const;

/** Long enough for one request, short enough to be useless later. */
const TTL_SECONDS = 60;

/**
 * A token that shows whether a server accepts the cluster's secret, and allows nothing else: it is for the
 * one question about {@link PROBED}, so that whoever answers in the server's place gains nothing by it.
 */
export const mintProbeToken = (
  props: Pick<ClusterTokenProps, 'clusterSecret' | 'now'>,
): Promise<Secret> =>
  mintClusterToken({
    ...props,
    ttlSeconds: TTL_SECONDS,
    grants: [{ target: `${PROBED.name}/${PROBED.stage}`, action: 'project' }],
  });
