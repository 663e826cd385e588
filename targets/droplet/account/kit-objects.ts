import {
  type AccountRole,
  clusterOfName,
  clusterOfProject,
  clusterOfTag,
  KIT_TAG,
} from '../../../stacks/droplet/account-names.js';
import type { AccountObjects } from './account-facts.js';

/** Kinds of a cluster's objects on an account. */
export type KitObjectKind =
  | 'droplet'
  | 'volume'
  | 'database'
  | 'firewall'
  | 'ssh_key'
  | 'reserved_ip'
  | 'project'
  | 'tag';

/** An object on the account that the kit created, or that may be left over. */
export interface KitObject {
  readonly kind: KitObjectKind;
  /** Id in the API and in Terraform's state. */
  readonly id: string;
  readonly name: string;
  /** From its tag, its name, or the droplet that it is attached to; `undefined`: unknown. */
  readonly cluster: string | undefined;
  /** Short description for the user: `active in fra1`, `10 GB in fra1, not attached`. */
  readonly detail: string;
  /** The droplet that a volume or an address is attached to. */
  readonly dropletId?: number;
  /** Public half of a login key. */
  readonly publicKey?: string;
}

/** Does it contain data? Then only the user can decide to remove it. */
export const holdsData = ({ kind }: Pick<KitObject, 'kind'>): boolean =>
  kind === 'volume' || kind === 'database';

/**
 * The kit's objects on the account: by the tag of a cluster; by name where tags are not possible or were
 * removed. Reserved addresses that are not assigned have no mark at all; they are returned without a
 * cluster.
 */
export function kitObjects(objects: AccountObjects): KitObject[] {
  const droplets = (objects.droplets ?? []).flatMap((one) => {
    const cluster = clusterOf(one, 'droplet');
    const detail = `${one.status}${inRegion(one.region)}`;
    return cluster === undefined ? [] : [object('droplet', one, cluster, detail)];
  });
  const clusterOfDroplet = new Map(droplets.map(({ id, cluster }) => [id, cluster]));
  const volumes = (objects.volumes ?? []).map((one) => {
    const [dropletId] = one.droplet_ids;
    const where = dropletId === undefined ? 'not attached' : `attached to droplet ${dropletId}`;
    const detail = `${one.size_gigabytes} GB${inRegion(one.region)}, ${where}`;
    return object('volume', one, clusterOf(one, 'data'), detail, dropletId);
  });
  const databases = (objects.databases ?? []).map((one) => {
    const { engine, version, size, status } = one;
    const detail = `${engine} ${version}, ${size}${inRegion(one.region)}, ${status}`;
    return object('database', one, clusterOf(one, 'database'), detail);
  });
  const firewalls = (objects.firewalls ?? []).map((one) =>
    object('firewall', one, clusterOfName(one.name, 'firewall')),
  );
  const keys = (objects.keys ?? []).map((one) => ({
    ...object('ssh_key', one, clusterOfName(one.name, 'login'), one.fingerprint),
    publicKey: one.public_key,
  }));
  const addresses = (objects.reservedIps ?? []).map(({ ip, region, droplet }) => {
    const where = droplet ? `assigned to droplet ${droplet.id}` : 'not assigned';
    const cluster = clusterOfDroplet.get(String(droplet?.id));
    const address = { id: ip, name: ip };
    return object('reserved_ip', address, cluster, `${where}${inRegion(region)}`, droplet?.id);
  });
  const projects = (objects.projects ?? []).map((one) =>
    object('project', one, clusterOfProject(one.description ?? '')),
  );
  // A tag that a firewall selects is in use, even when no object has it.
  const held = new Set((objects.firewalls ?? []).flatMap(({ tags }) => tags));
  const tags = (objects.tags ?? [])
    .filter(({ name, resources }) => resources.count === 0 && !held.has(name))
    .map(({ name }) => object('tag', { id: name, name }, clusterOfTag(name), 'on nothing'));
  const marked = [...volumes, ...databases, ...firewalls, ...keys, ...projects, ...tags].filter(
    ({ cluster, name }) => cluster !== undefined || name === KIT_TAG,
  );
  const ownAddresses = addresses.filter(
    ({ cluster, dropletId }) => cluster !== undefined || dropletId === undefined,
  );
  return [...droplets, ...marked, ...ownAddresses];
}

const object = (
  kind: KitObjectKind,
  { id, name }: { readonly id: string | number; readonly name: string },
  cluster: string | undefined,
  detail = '',
  dropletId?: number,
): KitObject => ({
  ...{ kind, id: String(id), name, cluster, detail },
  ...(dropletId !== undefined && { dropletId }),
});

const inRegion = (region: string | undefined) => (region === undefined ? '' : ` in ${region}`);

/** The cluster from its tag; or from the name of the kit's object, whose tag may have been removed. */
const clusterOf = (
  { name, tags }: { readonly name: string; readonly tags: readonly string[] },
  role: AccountRole,
): string | undefined =>
  tags.map(clusterOfTag).find((cluster) => cluster !== undefined) ??
  (tags.includes(KIT_TAG) ? clusterOfName(name, role) : undefined);
