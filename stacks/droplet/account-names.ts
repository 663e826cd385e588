import { CLUSTER_NAME } from '../../cluster/settings/settings.js';

/** Tag on every droplet, volume and database that the kit makes on a DigitalOcean account. */
export const KIT_TAG = 'clusterkit';

/** Tag on every droplet, volume and database of one cluster. */
export const clusterTag = (cluster: string) => `${KIT_TAG}:${cluster}`;

/** The cluster that a tag names, or `undefined`. */
export const clusterOfTag = (tag: string): string | undefined =>
  ifCluster(tag.slice(clusterTag('').length), (cluster) => clusterTag(cluster) === tag);

/** The parts of a cluster that have a name on the account. */
export type AccountRole = 'droplet' | 'data' | 'database' | 'firewall' | 'login';

/**
 * Name of a part on the account: keys and firewalls carry no tag, so their names tell whose they
 * are. Part of the public interface: never renamed lightly.
 */
export const accountName = (cluster: string, role: AccountRole) => `clusterkit-${cluster}-${role}`;

/** The cluster of a name that {@link accountName} made, or `undefined`. */
export const clusterOfName = (name: string, role: AccountRole): string | undefined =>
  ifCluster(
    name.slice('clusterkit-'.length, -`-${role}`.length),
    (cluster) => accountName(cluster, role) === name,
  );

const PROJECT = ', made by clusterkit';

/** What the project of a cluster is described with: its name is the user's. */
export const projectDescription = (cluster: string) => `Prisma 1 cluster ${cluster}${PROJECT}`;

/** The cluster of a project, or `undefined`. */
export const clusterOfProject = (description: string): string | undefined =>
  ifCluster(
    description.slice('Prisma 1 cluster '.length, -PROJECT.length),
    (cluster) => projectDescription(cluster) === description,
  );

const ifCluster = (name: string, isMade: (name: string) => boolean): string | undefined =>
  CLUSTER_NAME.test(name) && isMade(name) ? name : undefined;
