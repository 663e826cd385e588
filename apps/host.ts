import { type Engine, statusOf } from '../clients/docker/connect.js';
import type { ClusterMarks } from '../cluster/containers/cluster-labels.js';
import { objectName } from '../cluster/names.js';
import type { ClusterSettings } from '../cluster/settings/settings.js';
import { environmentError } from '../lib/errors.js';
import type { ClusterContext } from '../targets/context.js';
import type { Machine } from '../targets/machine.js';
import type { AppsPlace } from '../targets/target.js';

/** The machine that runs a cluster's applications, and what they have in common. */
export interface AppsHost {
  readonly settings: ClusterSettings;
  readonly context: ClusterContext;
  readonly machine: Machine;
  readonly engine: Engine;
  readonly marks: ClusterMarks;
  readonly place: AppsPlace;
  /** Id of the image of the cluster's server: the engine has it for sure. */
  readonly image: string;
  readonly limits: AppLimits;
}

/** The longest waits of a deployment, in ms. */
export interface AppLimits {
  /** From the start of an instance until it can serve. */
  readonly healthyMs: number;
  readonly releaseMs: number;
}

/** A first start of a JVM on a small machine takes a minute; a release command may migrate data. */
export const APP_LIMITS: AppLimits = { healthyMs: 120_000, releaseMs: 30 * 60_000 };

/**
 * The id of the image of the cluster's server, whose containers and network must be there.
 * @throws KitError `cluster-not-up` (exit 3)
 */
export async function imageOfServer(engine: Engine, cluster: string): Promise<string> {
  try {
    return (await engine.getContainer(objectName(cluster, 'server')).inspect()).Image;
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    throw environmentError('cluster-not-up', {
      path: `clusters.${cluster}`,
      message: 'its server does not exist yet, and applications run beside it',
      hint: `Run \`clusterkit up ${cluster}\` first.`,
    });
  }
}
