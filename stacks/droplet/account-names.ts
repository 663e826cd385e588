import { CLUSTER_NAME } from '../../cluster/settings/settings.js';

/** Tag on every droplet, volume and database that the kit creates on a DigitalOcean account. */
export const KIT_TAG = 'clusterkit';

/** Tag on every droplet, volume and database of one cluster. */
export const clusterTag = (cluster: string) => `${KIT_TAG}:${cluster}`;

/** The cluster that a tag names, or `undefined`. */
export const clusterOfTag = (tag: string): string | undefined =>
  ifCluster(tag.slice(clusterTag('').length), (cluster) => clusterTag(cluster) === tag);

/** The objects of a cluster that have a name on the account. */
export type AccountRole = 'droplet' | 'data' | 'database' | 'firewall' | 'login';

/**
 * Name of an object on the account. Keys and firewalls have no tags, so their names identify their cluster.
 * Part of the public interface: do not change it.
 */
export const accountName = (cluster: string, role: AccountRole) => `clusterkit-${cluster}-${role}`;

/** The cluster of a name made by {@link accountName}, or `undefined`. */
export const clusterOfName = (name: string, role: AccountRole): string | undefined =>
  ifCluster(
    name.slice('clusterkit-'.length, -`-${role}`.length),
    (cluster) => accountName(cluster, role) === name,
  );

const PROJECT = ', made by clusterkit';

/** Description of a cluster's project, by which the kit recognizes it: the user chooses the name. */
export const projectDescription = (cluster: string) => `Prisma 1 cluster ${cluster}${PROJECT}`;

/** The cluster of a project, or `undefined`. */
export const clusterOfProject = (description: string): string | undefined =>
  ifCluster(
    description.slice('Prisma 1 cluster '.length, -PROJECT.length),
    (cluster) => projectDescription(cluster) === description,
  );

const ifCluster = (name: string, isMade: (name: string) => boolean): string | undefined =>
  CLUSTER_NAME.test(name) && isMade(name) ? name : undefined;
