/** Labels on everything that the kit creates in an engine. */
export const LABEL = {
  /** Name of the cluster. */
  cluster: 'dev.clusterkit.cluster',
  /** State directory of the checkout that the object belongs to. */
  project: 'dev.clusterkit.project',
  /** What it is within the cluster: see {@link Role}. */
  role: 'dev.clusterkit.role',
} as const;

/** The parts of a cluster in an engine; `courier` lives for one file transfer. */
export type Role = 'network' | 'data' | 'config' | 'database' | 'server' | 'courier';

/** Name of a part in the engine. Part of the public interface: never renamed lightly. */
export const objectName = (cluster: string, role: Exclude<Role, 'courier'>) =>
  `clusterkit-${cluster}-${role}`;

/** Where both containers see the configuration volume, read-only. */
export const CONFIG_DIRECTORY = '/run/clusterkit';

/** Files in the configuration volume, 0600 and owned by root. */
export const CONFIG_FILES = {
  databasePassword: 'database-password',
  server: 'prisma.yml',
} as const;

/** What server and database agree on inside the cluster's network. */
export const DATABASE = { host: 'database', port: 5432, user: 'prisma', name: 'prisma' } as const;

/** Port of the server inside its container. */
export const SERVER_PORT = 4466;

/**
 * A real query over the network address, with the password that the server will use: the socket
 * and loopback answer earlier, and without asking for it. Works in the upstream image and in ours.
 */
export const DATABASE_QUERY = [
  `PGPASSWORD="$(cat ${CONFIG_DIRECTORY}/${CONFIG_FILES.databasePassword})" PGCONNECT_TIMEOUT=3`,
  `psql -h ${DATABASE.host} -U ${DATABASE.user} -d ${DATABASE.name} -qtAc 'select 1'`,
].join(' ');
