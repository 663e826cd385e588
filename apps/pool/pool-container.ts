import { createHash } from 'node:crypto';
import { BUNDLED_POOL } from '../../cluster/bundled-images.js';
import { type ClusterMarks, clusterLabels } from '../../cluster/containers/cluster-labels.js';
import { FIXED_MB } from '../../cluster/containers/memory-plan.js';
import { CONFIG_DIRECTORY, LABEL, objectName } from '../../cluster/names.js';
import type { ContainerPlan } from '../../cluster/objects/ensure-objects.js';
import { CONSOLE_DIRECTORY } from './render-pool.js';

/** User of the image `clusterkit/pgbouncer`, and its group. */
export const POOL_USER = 999;

/** Name of the pool in the cluster's network. */
export const POOL_HOST = 'pool';

/** Memory limit in MB. Measured: 6 without clients, 8 with 1000. */
export const POOL_MB = FIXED_MB.pool;

const MIB = 1024 * 1024;

/** The volume with the pool's files. */
export const poolVolume = (marks: ClusterMarks) => ({
  Name: objectName(marks.cluster, 'pool'),
  Labels: clusterLabels(marks, 'pool-files'),
});

/**
 * The pool's container: an unprivileged user, nothing to write to but the directory of its socket, and no way to more
 * rights. A change of its files is no reason to replace it.
 */
export function poolContainer(marks: ClusterMarks, image = BUNDLED_POOL): ContainerPlan {
  const network = objectName(marks.cluster, 'network');
  const plan = {
    name: objectName(marks.cluster, 'pool'),
    Image: image,
    User: `${POOL_USER}:${POOL_USER}`,
    // Longer than transactions may stand still.
    StopTimeout: 30,
    HostConfig: {
      Init: true,
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Tmpfs: { [CONSOLE_DIRECTORY]: `uid=${POOL_USER},gid=${POOL_USER},mode=700,size=1m` },
      RestartPolicy: { Name: 'unless-stopped' },
      Memory: POOL_MB * MIB,
      MemorySwap: 2 * POOL_MB * MIB,
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
      Mounts: [
        {
          Type: 'volume' as const,
          Source: poolVolume(marks).Name,
          Target: CONFIG_DIRECTORY,
          ReadOnly: true,
        },
      ],
      NetworkMode: network,
    },
    NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [POOL_HOST] } } },
  };
  const spec = createHash('sha256').update(JSON.stringify(plan)).digest('hex');
  return { ...plan, Labels: { ...clusterLabels(marks, 'pool'), [LABEL.spec]: spec } };
}
