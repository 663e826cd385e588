import type { Problem } from '../../../lib/errors.js';
import { accountName } from '../../../stacks/droplet/account-names.js';
import type { DropletSettings } from '../settings.js';
import type { AccountObjects } from './account-facts.js';
import type { KitObject } from './kit-objects.js';

/** Local evidence that a cluster on the account belongs to this checkout. */
export interface OwnershipEvidence {
  /** Ids in the cluster's Terraform state; `undefined`: it cannot be read. */
  readonly knownIds: ReadonlySet<string> | undefined;
  /** Public half of the login key in the key store, without comment. */
  readonly loginKey: string | undefined;
  /** The key store has the password of the database. */
  readonly hasPassword: boolean;
  /** Id of the droplet that this checkout last connected to, until `down`. */
  readonly contacted: string | undefined;
}

/**
 * Do the marked objects on the account belong to this checkout? They do when they are in its state, when it
 * connected to the droplet, or when they have its login key. A database alone, or a detached volume, was
 * kept: it belongs to the checkout that has the password for its data.
 */
export function isOwn(marked: readonly KitObject[], evidence: OwnershipEvidence): boolean {
  const { knownIds, loginKey, hasPassword, contacted } = evidence;
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

/** Problems when a name that the cluster needs is taken. */
export function nameProblems(
  settings: Pick<DropletSettings, 'name' | 'region' | 'project' | 'volume' | 'database'>,
  objects: AccountObjects,
  marked: readonly KitObject[],
  evidence: OwnershipEvidence,
): Problem[] {
  const { name: cluster, region } = settings;
  const path = `clusters.${cluster}`;
  if (!isOwn(marked, evidence)) return [elsewhereProblem(cluster, marked)];
  const mine = new Set(marked.map(({ kind, id }) => `${kind} ${id}`));
  const taken = (kind: string, what: string, found: { id: string | number } | undefined) =>
    found === undefined || mine.has(`${kind} ${found.id}`)
      ? []
      : [
          {
            path,
            message: `${what} already exists on the account (${found.id}), and does not belong to a cluster of this kit`,
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
    ...keyElsewhere(objects, names.login, evidence, path),
    ...projectProblems(settings, objects, marked, evidence),
  ];
}

/** Project names are unique on an account; an interrupted run may have left the cluster's own. */
function projectProblems(
  { name: cluster, project }: Pick<DropletSettings, 'name' | 'project'>,
  { projects }: AccountObjects,
  marked: readonly KitObject[],
  { knownIds }: OwnershipEvidence,
): Problem[] {
  const found = projects?.find(({ name }) => project !== undefined && name === project);
  if (found === undefined || knownIds?.has(found.id)) return [];
  if (marked.some(({ kind, id }) => kind === 'project' && id === found.id)) return [];
  return [
    {
      path: `clusters.${cluster}.project`,
      message: `a project '${project}' already exists on the account (${found.id}), and does not belong to this cluster`,
      hint: 'Set another name, or remove it: the cluster is then in the default project of the account.',
    },
  ];
}

/** The problem when the marked objects belong to another checkout. */
export function elsewhereProblem(cluster: string, marked: readonly KitObject[]): Problem {
  const what = marked.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  return {
    path: `clusters.${cluster}`,
    message: `a cluster of this name already exists on the account (${what}), but was not created from this project, which has neither its state nor its login key nor its database password`,
    hint: `Rename this cluster. If the other one is yours and its files are lost: clusterkit sweep ${cluster} --remove.`,
  };
}

/** An account accepts a public key only once, under any name. */
function keyElsewhere(
  { keys }: AccountObjects,
  name: string,
  { loginKey }: OwnershipEvidence,
  path: string,
): Problem[] {
  const same = keys?.find(
    (key) => loginKey !== undefined && sameKey(key.public_key, loginKey) && key.name !== name,
  );
  if (same === undefined) return [];
  return [
    {
      path,
      message: `the cluster's login key already exists on the account, as '${same.name}' (${same.id}), and an account accepts a key only once`,
      hint: `Remove that key from the account, or rename it to '${name}'.`,
    },
  ];
}

/** Compares type and key; comments may differ. */
const sameKey = (a: string | undefined, b: string) => a !== undefined && words(a) === words(b);

const words = (key: string) => key.trim().split(/\s+/).slice(0, 2).join(' ');
