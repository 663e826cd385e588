import type { Api } from '../../../clients/digitalocean/api.js';
import {
  ensureDatabasePassword,
  readClusterSecrets,
  removeSecrets,
} from '../../../cluster/keys/key-store.js';
import { stateFile } from '../../../cluster/project.js';
import { environmentError, usageError } from '../../../lib/errors.js';
import { assertNoConflict } from '../../../registry/file/assert-no-conflict.js';
import { tidyRegistry } from '../../../registry/file/first-state.js';
import { readRegistry } from '../../../registry/file/read-registry.js';
import { clusterTag } from '../../../stacks/droplet/account-names.js';
import type { Facts } from '../../common/stages/facts.js';
import { removeKnownHosts } from '../keys/known-hosts.js';
import { hasManagedLogin } from '../keys/managed-login.js';
import { removeSshKeys } from '../keys/ssh-keys.js';
import { removeUserData } from '../keys/user-data-file.js';
import { readAccountObjects } from './account-facts.js';
import { holdsData, type KitObject, kitObjects } from './kit-objects.js';
import { elsewhereProblem, isOwn } from './name-problems.js';
import { ownershipProof } from './ownership-proof.js';
import { removeKitObjects } from './remove-objects.js';
import { removeUnusedTags } from './unused-tags.js';

/**
 * Clears the account before an apply: what a cut run of this cluster left there and Terraform does not
 * know, such as a second droplet after an answer was lost, or a key that it would collide with. What
 * holds data or served once is never removed, and tags are Terraform's. Before that it makes sure that
 * nothing will be created in vain, and that what will be created can be told to be ours.
 *
 * @returns how many objects went
 * @throws KitError `registry-conflict`, `cluster-elsewhere`, `droplet-unadopted`, `volume-unadopted`
 *   (exit 2), `token-scopes`, `account-not-cleared` (exit 3); those of the API
 */
export async function sweepDroplet(
  {
    cluster,
    stateFile,
    keyDirectory,
    registry,
  }: Pick<Facts, 'cluster' | 'stateFile' | 'keyDirectory' | 'registry'>,
  api: Api,
  signal?: AbortSignal,
): Promise<number> {
  const proof = await ownershipProof({ stateFile, keyDirectory });
  const { knownIds } = proof;
  if (knownIds === undefined) return 0;
  assertNoConflict(await readRegistry(registry), cluster, await readClusterSecrets(keyDirectory));
  const { marked } = await markedObjects(api, cluster);
  if (!isOwn(marked, proof)) {
    throw usageError('cluster-elsewhere', elsewhereProblem(cluster, marked));
  }
  // Not where there may be data already: that may know another one.
  if (marked.every(({ kind }) => kind === 'tag')) await ensureDatabasePassword(keyDirectory);
  const unknown = marked.filter(({ id }) => !knownIds.has(id));
  refuseToLose(cluster, unknown, proof.contacted);
  const leftOver = unknown.filter((object) => isLeftOver(object, unknown));
  await removeKitObjects(api, leftOver, { signal, unusedTags: 'kept' });
  return leftOver.length;
}

/** Somebody may have pointed an address of their own at a droplet that stays. */
function isLeftOver({ kind, dropletId }: KitObject, unknown: readonly KitObject[]): boolean {
  // A managed database is made and found again by its own stage.
  if (kind === 'tag' || kind === 'database') return false;
  if (kind !== 'reserved_ip') return true;
  return unknown.some((other) => other.kind === 'droplet' && other.id === String(dropletId));
}

/** A droplet that was set up, and a volume: only a person knows whether they are still wanted. */
function refuseToLose(
  cluster: string,
  unknown: readonly KitObject[],
  contacted: string | undefined,
): void {
  const refused = unknown.filter(
    ({ kind, id }) => kind === 'volume' || (kind === 'droplet' && id === contacted),
  );
  if (refused.length === 0) return;
  const droplet = refused.find(({ kind }) => kind === 'droplet');
  throw usageError(
    droplet ? 'droplet-unadopted' : 'volume-unadopted',
    refused.map(({ kind, id, name, detail }) => ({
      path: `clusters.${cluster}`,
      message: `${kind} ${name} (${id}; ${detail}) of this cluster is on the account, and Terraform's state does not know it`,
      hint: droplet
        ? `Bring back the state, or run \`clusterkit up ${cluster}\`, which takes over what is there.`
        : `\`clusterkit up ${cluster}\` takes it over with its data. To do without the data: clusterkit sweep ${id} --remove.`,
    })),
  );
}

/** What {@link forgetDroplet} found and did. */
export interface Forgotten {
  /** Number of objects that went, tags not counted. */
  readonly removed: number;
  /** A volume or a database of the cluster is still there, and so is the password that opens its data. */
  readonly keptData: boolean;
}

/**
 * What a destroy ends with: what is still on the account of this cluster goes, all but its data and what
 * Terraform will remove itself; so do tags that nothing carries. When no data is left, neither are secrets, nor copies of them beside the registry; else only the keys of a droplet that is gone.
 *
 * A destroy does this twice: while the login key, which tells whose the rest is, is still there, and
 * at its very end. Until then nothing is forgotten.
 *
 * @throws KitError `token-scopes`, `account-not-cleared` (exit 3); those of the API
 */
export async function forgetDroplet(
  input: AccountCluster & Pick<Facts, 'registry'>,
  api: Api,
  signal?: AbortSignal,
): Promise<Forgotten> {
  const { cluster, keyDirectory, registry } = input;
  const { marked, own, known, proof, seesData } = await look(api, input);
  const rest = own.filter((object) => !holdsData(object) && object.kind !== 'tag');
  const doomed = rest.filter(({ id }) => !known.has(id));
  await removeKitObjects(api, doomed, { signal, unusedTags: 'kept' });
  // Whoever's they are: nothing is lost by keeping a password too many.
  const keptData = marked.some(holdsData) || (!seesData && proof.hasPassword);
  const forgotten = { removed: doomed.length, keptData };
  if (known.has(clusterTag(cluster)) || own.some(({ id }) => known.has(id))) return forgotten;
  await removeUnusedTags(api, [cluster]);
  if (keptData) {
    await removeKnownHosts(keyDirectory);
    await removeSshKeys(keyDirectory);
    await removeUserData(keyDirectory);
  } else {
    await removeSecrets(keyDirectory);
    await tidyRegistry(registry);
  }
  return forgotten;
}

/** Which cluster, and where its files are. */
export type AccountCluster = Pick<Facts, 'cluster' | 'project' | 'keyDirectory'>;

/**
 * What is on the account of a cluster, its volumes and unused tags too, when it is this checkout's;
 * nothing when it is somebody else's. A state that is lost or damaged proves nothing; the login key
 * does without.
 *
 * @throws KitError `token-scopes` (exit 3); those of the API
 */
export async function ownAccountObjects(
  api: Api,
  cluster: AccountCluster,
): Promise<readonly KitObject[]> {
  return (await look(api, cluster)).own;
}

async function look(api: Api, { cluster, project, keyDirectory }: AccountCluster) {
  const files = { stateFile: stateFile(project, cluster), keyDirectory };
  const proof = await ownershipProof(files, 'no proof');
  const known = proof.knownIds ?? new Set<string>();
  const { seesVolumes, seesDatabases, ...found } = await markedObjects(api, cluster);
  // A token need not see what the cluster never had.
  const seesData = seesVolumes && (seesDatabases || !(await hasManagedLogin(keyDirectory)));
  const own = isOwn(found.marked, { ...proof, knownIds: known }) ? found.marked : [];
  return { ...found, own, known, proof, seesData };
}

/** What carries the cluster's mark, whosever it is. */
async function markedObjects(api: Api, cluster: string) {
  const { missingScopes, ...objects } = await readAccountObjects(api);
  const blind = NEEDED.filter((scope) => missingScopes.includes(scope));
  if (blind.length > 0) {
    throw environmentError('token-scopes', {
      path: 'DIGITALOCEAN_TOKEN',
      message: `the token lacks ${blind.join(', ')}: what is on the account cannot be seen`,
      hint: 'Use a token that may read all of these.',
    });
  }
  return {
    marked: kitObjects(objects).filter((object) => object.cluster === cluster),
    seesVolumes: objects.volumes !== undefined,
    seesDatabases: objects.databases !== undefined,
  };
}

/** Every cluster has these; nobody must grant the reading of what it does not have. */
const NEEDED = ['droplet:read', 'firewall:read', 'ssh_key:read', 'tag:read'];
