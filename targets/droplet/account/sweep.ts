import type { Api } from '../../../clients/digitalocean/api.js';
import { clusterOfKeys, removeIdentity } from '../../../cluster/identity.js';
import {
  ensureDatabasePassword,
  readClusterSecrets,
  removeSecrets,
} from '../../../cluster/keys/key-store.js';
import { stateFile } from '../../../cluster/project.js';
import { environmentError, usageError } from '../../../lib/errors.js';
import { tidyRegistry } from '../../../registry/file/first-state.js';
import { assertNoConflict } from '../../../registry/file/ownership.js';
import { readRegistry } from '../../../registry/file/read-registry.js';
import { clusterTag } from '../../../stacks/droplet/account-names.js';
import { assertSoleClaim, entryOwnerOf, readOwner } from '../../common/owner.js';
import type { Facts } from '../../common/stages/facts.js';
import { removeKnownHosts } from '../keys/known-hosts.js';
import { hasManagedLogin } from '../keys/managed-login.js';
import { removeSshKeys } from '../keys/ssh-keys.js';
import { removeUserData } from '../keys/user-data-file.js';
import { readAccountObjects } from './account-facts.js';
import { holdsData, type KitObject, kitObjects } from './kit-objects.js';
import { elsewhereProblem, isOwn } from './name-problems.js';
import { ownershipEvidence } from './ownership-evidence.js';
import { removeKitObjects } from './remove-objects.js';
import { removeUnusedTags } from './unused-tags.js';

/**
 * Removes left-overs of this cluster before an apply: objects of an interrupted run that are not in
 * Terraform's state, such as a second droplet after a lost response, or a key that would collide. Never
 * removes data or a droplet that was set up; Terraform manages the tags. Before that it fails early on
 * conflicts, and ensures that new resources are identifiable as ours.
 *
 * @returns number of removed objects
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
  const evidence = await ownershipEvidence({ stateFile, keyDirectory });
  const { knownIds } = evidence;
  if (knownIds === undefined) return 0;
  const owner = await readOwner(clusterOfKeys(keyDirectory).stateDir, cluster, registry);
  assertSoleClaim(owner);
  const claim = { secrets: await readClusterSecrets(keyDirectory), owner: entryOwnerOf(owner) };
  assertNoConflict(await readRegistry(registry), cluster, claim);
  const { marked } = await markedObjects(api, cluster);
  if (!isOwn(marked, evidence)) {
    throw usageError('cluster-elsewhere', elsewhereProblem(cluster, marked));
  }
  // Not when there may be data already, which may have another password.
  if (marked.every(({ kind }) => kind === 'tag')) await ensureDatabasePassword(keyDirectory);
  const unknown = marked.filter(({ id }) => !knownIds.has(id));
  refuseToLose(cluster, unknown, evidence.contacted);
  const leftOver = unknown.filter((object) => isLeftOver(object, unknown));
  await removeKitObjects(api, leftOver, { signal, unusedTags: 'kept' });
  return leftOver.length;
}

/** A user's own address may be assigned to a droplet that stays. */
function isLeftOver({ kind, dropletId }: KitObject, unknown: readonly KitObject[]): boolean {
  // Its own stage creates a managed database, and finds it again.
  if (kind === 'tag' || kind === 'database') return false;
  if (kind !== 'reserved_ip') return true;
  return unknown.some((other) => other.kind === 'droplet' && other.id === String(dropletId));
}

/** Refuses to remove a droplet that was set up, or a volume: only the user can decide that. */
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
      message: `${kind} ${name} (${id}; ${detail}) of this cluster is on the account, but not in Terraform's state`,
      hint: droplet
        ? `Restore the state, or run \`clusterkit up ${cluster}\`, which imports the existing objects.`
        : `\`clusterkit up ${cluster}\` reuses it with its data. To drop the data: clusterkit sweep ${id} --remove.`,
    })),
  );
}

/**
 * The last step of a destroy: removes the cluster's objects that are still on the account, except its data
 * and those that Terraform will remove itself, and unused tags. When no data is left, it also removes the
 * secrets and their copies beside the registry; otherwise only the keys of the removed droplet.
 *
 * A destroy runs this twice: while the login key still identifies the owner of the rest, and at its very
 * end. Local files are removed only then.
 *
 * @throws KitError `token-scopes`, `account-not-cleared` (exit 3); those of the API
 */
export async function forgetDroplet(
  input: AccountCluster & Pick<Facts, 'registry'>,
  api: Api,
  signal?: AbortSignal,
) {
  const { cluster, keyDirectory, registry } = input;
  const { marked, own, known, evidence, seesData } = await inspect(api, input);
  const rest = own.filter((object) => !holdsData(object) && object.kind !== 'tag');
  const doomed = rest.filter(({ id }) => !known.has(id));
  await removeKitObjects(api, doomed, { signal, unusedTags: 'kept' });
  // Data of any owner: keeping an unneeded password does no harm.
  const keptData = marked.some(holdsData) || (!seesData && evidence.hasPassword);
  const forgotten = { removed: doomed.length, keptData };
  if (known.has(clusterTag(cluster)) || own.some(({ id }) => known.has(id))) return forgotten;
  await removeUnusedTags(api, [cluster]);
  if (keptData) {
    await removeKnownHosts(keyDirectory);
    await removeSshKeys(keyDirectory);
    await removeUserData(keyDirectory);
  } else {
    const { stateDir } = clusterOfKeys(keyDirectory);
    const owner = entryOwnerOf(await readOwner(stateDir, cluster, registry));
    await tidyRegistry(registry, { owner, secrets: await readClusterSecrets(keyDirectory) });
    await removeSecrets(keyDirectory);
    await removeIdentity(stateDir, cluster);
  }
  return forgotten;
}

/** A cluster, and the paths of its files. */
export type AccountCluster = Pick<Facts, 'cluster' | 'project' | 'keyDirectory'>;

/**
 * A cluster's objects on the account, with volumes and unused tags, when it belongs to this checkout;
 * otherwise none. A lost or damaged state is no evidence of ownership; the login key suffices.
 *
 * @throws KitError `token-scopes` (exit 3); those of the API
 */
export async function ownAccountObjects(
  api: Api,
  cluster: AccountCluster,
): Promise<readonly KitObject[]> {
  return (await inspect(api, cluster)).own;
}

async function inspect(api: Api, { cluster, project, keyDirectory }: AccountCluster) {
  const files = { stateFile: stateFile(project, cluster), keyDirectory };
  const evidence = await ownershipEvidence(files, 'no evidence');
  const known = evidence.knownIds ?? new Set<string>();
  const { seesVolumes, seesDatabases, ...found } = await markedObjects(api, cluster);
  // The token need not read kinds of objects that the cluster never had.
  const seesData = seesVolumes && (seesDatabases || !(await hasManagedLogin(keyDirectory)));
  const own = isOwn(found.marked, { ...evidence, knownIds: known }) ? found.marked : [];
  return { ...found, own, known, evidence, seesData };
}

/** Objects with the cluster's mark, of any owner. */
async function markedObjects(api: Api, cluster: string) {
  const { missingScopes, ...objects } = await readAccountObjects(api);
  const blind = NEEDED.filter((scope) => missingScopes.includes(scope));
  if (blind.length > 0) {
    throw environmentError('token-scopes', {
      path: 'DIGITALOCEAN_TOKEN',
      message: `the token lacks ${blind.join(', ')}: the account cannot be read`,
      hint: 'Use a token that may read all of these.',
    });
  }
  return {
    marked: kitObjects(objects).filter((object) => object.cluster === cluster),
    seesVolumes: objects.volumes !== undefined,
    seesDatabases: objects.databases !== undefined,
  };
}

/** Kinds that every cluster has; scopes for others are optional. */
const NEEDED = ['droplet:read', 'firewall:read', 'ssh_key:read', 'tag:read'];
