/** Tag on every droplet and volume that the kit makes on a DigitalOcean account. */
export const KIT_TAG = 'clusterkit';

/** Tag on every droplet and volume of one cluster. */
export const clusterTag = (cluster: string) => `${KIT_TAG}:${cluster}`;

/** The cluster that a tag names, or `undefined`. */
export const clusterOfTag = (tag: string): string | undefined =>
  tag.startsWith(`${KIT_TAG}:`) ? tag.slice(KIT_TAG.length + 1) : undefined;

/** The parts of a cluster that have a name on the account. */
export type AccountRole = 'droplet' | 'data' | 'firewall' | 'login';

/**
 * Name of a part on the account: keys and firewalls carry no tag, so their names tell whose they
 * are. Part of the public interface: never renamed lightly.
 */
export const accountName = (cluster: string, role: AccountRole) => `clusterkit-${cluster}-${role}`;

/** The cluster of a name that {@link accountName} made, or `undefined`. */
export function clusterOfName(name: string, role: AccountRole): string | undefined {
  const [start, end] = ['clusterkit-', `-${role}`];
  const cluster = name.slice(start.length, -end.length);
  return accountName(cluster, role) === name && cluster !== '' ? cluster : undefined;
}
