import type { Problem } from '../../../lib/errors.js';
import { accountName } from '../../../stacks/droplet/account-names.js';
import type { DropletSettings } from '../settings.js';
import type { AccountObjects } from './account-facts.js';
import type { KitObject } from './kit-objects.js';

/** What this checkout can show for a cluster on the account being its own. */
export interface OwnershipProof {
  /** Ids that the cluster's Terraform state knows; `undefined`: it cannot be read. */
  readonly knownIds: ReadonlySet<string> | undefined;
  /** Public half of the login key in the key store, without comment. */
  readonly loginKey: string | undefined;
  /** The key store has the password of the database. */
  readonly hasPassword: boolean;
  /** Id of the droplet that was last contacted from here, until it is taken down. */
  readonly contacted: string | undefined;
}

/**
 * Is what carries the cluster's mark on the account this checkout's? Known to its state, contacted from
 * here, or made with its login key. A database alone, or a volume that is attached to nothing, was kept:
 * it is ours while we can open its data.
 */
export function isOwn(marked: readonly KitObject[], proof: OwnershipProof): boolean {
  const { knownIds, loginKey, hasPassword, contacted } = proof;
  if (marked.every(({ kind }) => kind === 'tag')) return true;
  if (marked.some(({ id }) => knownIds === undefined || knownIds.has(id))) return true;
  if (marked.some(({ kind, id }) => kind === 'droplet' && id === contacted)) return true;
  if (marked.some(({ publicKey }) => loginKey !== undefined && sameKey(publicKey, loginKey))) {
    return true;
  }
  const isKept = marked.every(
    ({ kind, dropletId }) =>
      kind === 'tag' || kind === 'database' || (kind === 'volume' && dropletId === undefined),
  );
  return isKept && hasPassword;
}

/** Are the names that the cluster needs free, or its own? */
export function nameProblems(
  settings: Pick<DropletSettings, 'name' | 'region' | 'project' | 'volume' | 'database'>,
  objects: AccountObjects,
  marked: readonly KitObject[],
  proof: OwnershipProof,
): Problem[] {
  const { name: cluster, region } = settings;
  const path = `clusters.${cluster}`;
  if (!isOwn(marked, proof)) return [elsewhereProblem(cluster, marked)];
  const mine = new Set(marked.map(({ kind, id }) => `${kind} ${id}`));
  const taken = (kind: string, what: string, found: { id: string | number } | undefined) =>
    found === undefined || mine.has(`${kind} ${found.id}`)
      ? []
      : [
          {
            path,
            message: `${what} is on the account already (${found.id}), and not a cluster's of this kit`,
            hint: 'Rename or remove it, or give the cluster another name.',
          },
        ];
  const named = <T extends { readonly name: string }>(
    items: readonly T[] | undefined,
    name: string,
  ) => items?.find((item) => item.name === name);
  const names = {
    droplet: accountName(cluster, 'droplet'),
    data: accountName(cluster, 'data'),
    database: accountName(cluster, 'database'),
    login: accountName(cluster, 'login'),
  };
  const volumes = objects.volumes?.filter((volume) => volume.region === region);
  return [
    ...taken('droplet', `a droplet '${names.droplet}'`, named(objects.droplets, names.droplet)),
    ...(settings.volume === false
      ? []
      : taken('volume', `a volume '${names.data}' in ${region}`, named(volumes, names.data))),
    ...(settings.database.managed === undefined
      ? []
      : taken(
          'database',
          `a database '${names.database}'`,
          named(objects.databases, names.database),
        )),
    ...keyElsewhere(objects, names.login, proof, path),
    ...projectProblems(settings, objects, marked, proof),
  ];
}

/** An account has a project's name once; the cluster's own may be there, of a run that was cut. */
function projectProblems(
  { name: cluster, project }: Pick<DropletSettings, 'name' | 'project'>,
  { projects }: AccountObjects,
  marked: readonly KitObject[],
  { knownIds }: OwnershipProof,
): Problem[] {
  const found = projects?.find(({ name }) => project !== undefined && name === project);
  if (found === undefined || knownIds?.has(found.id)) return [];
  if (marked.some(({ kind, id }) => kind === 'project' && id === found.id)) return [];
  return [
    {
      path: `clusters.${cluster}.project`,
      message: `a project '${project}' is on the account already (${found.id}), and not this cluster's`,
      hint: 'Write another name, or leave it out: the cluster is then in the default project of the account.',
    },
  ];
}

/** What carries the cluster's mark is somebody else's. */
export function elsewhereProblem(cluster: string, marked: readonly KitObject[]): Problem {
  const what = marked.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  return {
    path: `clusters.${cluster}`,
    message: `a cluster of this name is on the account already (${what}), and not made from here: neither state nor login key nor database password of it are in this project`,
    hint: `Give this one another name. If that one is yours and its files are lost: clusterkit sweep ${cluster} --remove.`,
  };
}

/** The account takes a public key once, under whatever name. */
function keyElsewhere(
  { keys }: AccountObjects,
  name: string,
  { loginKey }: OwnershipProof,
  path: string,
): Problem[] {
  const same = keys?.find(
    (key) => loginKey !== undefined && sameKey(key.public_key, loginKey) && key.name !== name,
  );
  if (same === undefined) return [];
  return [
    {
      path,
      message: `the cluster's login key is on the account already, as '${same.name}' (${same.id}), and an account takes a key once`,
      hint: `Remove that key from the account, or rename it to '${name}'.`,
    },
  ];
}

/** Type and key; comments may differ. */
const sameKey = (a: string | undefined, b: string) => a !== undefined && words(a) === words(b);

const words = (key: string) => key.trim().split(/\s+/).slice(0, 2).join(' ');
