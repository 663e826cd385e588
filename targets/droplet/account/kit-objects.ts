import type { Droplet } from '../../../clients/digitalocean/answers.js';
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
  const droplets = (objects.droplets ?? []).flatMap((droplet) => {
    const cluster = clusterOf(droplet, 'droplet');
    return cluster === undefined ? [] : [fromDroplet(droplet, cluster)];
  });
  const clusterOfDroplet = new Map(droplets.map(({ id, cluster }) => [id, cluster]));
  const volumes = (objects.volumes ?? []).map((volume): KitObject => {
    const dropletId = volume.droplet_ids[0];
    const where = dropletId === undefined ? 'not attached' : `attached to droplet ${dropletId}`;
    return {
      kind: 'volume',
      id: volume.id,
      name: volume.name,
      cluster: clusterOf(volume, 'data'),
      detail: `${volume.size_gigabytes} GB${inRegion(volume.region)}, ${where}`,
      ...(dropletId !== undefined && { dropletId }),
    };
  });
  const databases = (objects.databases ?? []).map((one): KitObject => {
    const { id, name, engine, version, size, status } = one;
    const detail = `${engine} ${version}, ${size}${inRegion(one.region)}, ${status}`;
    return { kind: 'database', id, name, cluster: clusterOf(one, 'database'), detail };
  });
  const firewalls = (objects.firewalls ?? []).map(
    ({ id, name }): KitObject => ({
      kind: 'firewall',
      id,
      name,
      cluster: clusterOfName(name, 'firewall'),
      detail: '',
    }),
  );
  const keys = (objects.keys ?? []).map(
    ({ id, name, fingerprint, public_key }): KitObject => ({
      kind: 'ssh_key',
      id: String(id),
      name,
      cluster: clusterOfName(name, 'login'),
      detail: fingerprint,
      publicKey: public_key,
    }),
  );
  const addresses = (objects.reservedIps ?? []).map(({ ip, region, droplet }): KitObject => {
    const dropletId = droplet?.id;
    const where = dropletId === undefined ? 'not assigned' : `assigned to droplet ${dropletId}`;
    return {
      kind: 'reserved_ip',
      id: ip,
      name: ip,
      cluster: clusterOfDroplet.get(String(dropletId)),
      detail: `${where}${inRegion(region)}`,
      ...(dropletId !== undefined && { dropletId }),
    };
  });
  const projects = (objects.projects ?? []).map(
    ({ id, name, description }): KitObject => ({
      kind: 'project',
      id,
      name,
      cluster: clusterOfProject(description ?? ''),
      detail: '',
    }),
  );
  // A tag that a firewall selects is in use, even when no object has it.
  const held = new Set((objects.firewalls ?? []).flatMap(({ tags }) => tags));
  const tags = (objects.tags ?? [])
    .filter(({ name, resources }) => resources.count === 0 && !held.has(name))
    .map(
      ({ name }): KitObject => ({
        kind: 'tag',
        id: name,
        name,
        cluster: clusterOfTag(name),
        detail: 'unused',
      }),
    );
  const marked = [...volumes, ...databases, ...firewalls, ...keys, ...projects, ...tags].filter(
    ({ cluster, name }) => cluster !== undefined || name === KIT_TAG,
  );
  const ownAddresses = addresses.filter(
    ({ cluster, dropletId }) => cluster !== undefined || dropletId === undefined,
  );
  return [...droplets, ...marked, ...ownAddresses];
}

const inRegion = (region: string | undefined) => (region === undefined ? '' : ` in ${region}`);

/** The cluster from its tag; or from the name of the kit's object, whose tag may have been removed. */
const clusterOf = (
  { name, tags }: { readonly name: string; readonly tags: readonly string[] },
  role: AccountRole,
): string | undefined =>
  tags.map(clusterOfTag).find((cluster) => cluster !== undefined) ??
  (tags.includes(KIT_TAG) ? clusterOfName(name, role) : undefined);

const fromDroplet = ({ id, name, status, region }: Droplet, cluster: string): KitObject => ({
  kind: 'droplet',
  id: String(id),
  name,
  cluster,
  detail: `${status}${inRegion(region)}`,
});
