import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Api } from '../../../clients/digitalocean/api.js';
import type { CommandContext } from '../../../cluster/context.js';
import { keyDirectory } from '../../../cluster/keys/key-directory.js';
import { stateFile } from '../../../cluster/project.js';
import { CLUSTER_NAME } from '../../../cluster/settings/settings.js';
import { environmentError } from '../../../lib/errors.js';
import { readClustersFile } from '../../clusters-file/read.js';
import { readAccountObjects } from './account-facts.js';
import { holdsData, type KitObject, kitObjects } from './kit-objects.js';
import { isOwn, type OwnershipEvidence } from './name-problems.js';
import { ownershipEvidence } from './ownership-evidence.js';

/**
 * Why an object is an orphan:
 * - `unknown-cluster`: its cluster is neither in `clusters.yml` nor in a state of this project
 * - `unknown-to-state`: its cluster is ours, but the object is not in Terraform's state, such as a second
 *   droplet after a lost response
 * - `made-elsewhere`: this project has a cluster of that name, but did not create this one
 * - `state-lost`: its cluster runs, or may run, and was created from here; its state is lost or damaged, and
 *   `clusterkit up` imports the existing objects
 * - `kept-data`: our volume or managed database that is not in Terraform's state, such as one that `down`
 *   kept on request
 * - `unmarked`: an address that is not assigned, of an unknown owner
 */
export type OrphanReason =
  | 'unknown-cluster'
  | 'unknown-to-state'
  | 'made-elsewhere'
  | 'state-lost'
  | 'kept-data'
  | 'unmarked';

/** An object on the account that no known cluster needs. */
export interface Orphan {
  readonly object: KitObject;
  readonly why: OrphanReason;
}

/** Where known clusters are found. */
export type OrphanContext = Omit<CommandContext, 'cluster' | 'command'>;

/**
 * Objects on the account with the kit's mark that belong to no known cluster. Changes nothing.
 * @throws KitError `token-scopes` (exit 3) when a part of the account cannot be read
 */
export async function findOrphans(api: Api, context: OrphanContext): Promise<Orphan[]> {
  const { missingScopes, ...seen } = await readAccountObjects(api);
  if (missingScopes.length > 0) {
    throw environmentError('token-scopes', {
      path: 'DIGITALOCEAN_TOKEN',
      message: `the token lacks ${missingScopes.join(', ')}: sweep must be able to read everything`,
      hint: 'Use a token that may read all of these.',
    });
  }
  const objects = kitObjects(seen);
  const known = await knownClusters(context);
  const { stateDir } = context.project;
  const evidence = new Map<string, OwnershipEvidence>();
  for (const cluster of known) {
    const files = {
      stateFile: stateFile(stateDir, cluster),
      keyDirectory: keyDirectory(stateDir, cluster),
    };
    evidence.set(cluster, await ownershipEvidence(files, 'no evidence'));
  }
  return objects.flatMap((object) => {
    const why = reasonFor(object, objects, evidence);
    return why === undefined ? [] : [{ object, why }];
  });
}

function reasonFor(
  object: KitObject,
  all: readonly KitObject[],
  evidence: ReadonlyMap<string, OwnershipEvidence>,
): OrphanReason | undefined {
  const { cluster, kind, id, dropletId } = object;
  if (cluster === undefined) return kind === 'reserved_ip' ? 'unmarked' : 'unknown-cluster';
  const owned = evidence.get(cluster);
  if (owned === undefined) return 'unknown-cluster';
  const { knownIds, contacted } = owned;
  if (knownIds === undefined) return 'state-lost';
  if (knownIds.has(id)) return undefined;
  const same = all.filter((each) => each.cluster === cluster);
  if (!isOwn(same, owned)) return 'made-elsewhere';
  const isServing = (each: KitObject) => each.kind === 'droplet' && each.id === contacted;
  if (same.some((each) => isServing(each) && !knownIds.has(each.id))) return 'state-lost';
  if (holdsData(object)) return 'kept-data';
  // The user's own address may be assigned to a droplet that stays.
  if (kind === 'reserved_ip' && knownIds.has(String(dropletId))) return undefined;
  return 'unknown-to-state';
}

/** Clusters of the file, if there is one, and every cluster with a state or keys here. */
async function knownClusters({ project }: OrphanContext): Promise<Set<string>> {
  const inFile = await readClustersFile(project.configFile).catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'config-missing') return {};
    throw error;
  });
  const [states = [], keys = []] = await Promise.all(
    ['state', 'keys'].map((name) => readdir(join(project.stateDir, name)).catch(() => [])),
  );
  return new Set([
    ...Object.entries(inFile).flatMap(([name, { target }]) =>
      target === 'digitalocean' ? [name] : [],
    ),
    ...states.flatMap((file) => /^(.+)\.tfstate$/.exec(file)?.[1] ?? []),
    ...keys.filter((name) => CLUSTER_NAME.test(name)),
  ]);
}
