/** Labels on everything that the kit creates in an engine. */
export const LABEL = {
  /** Name of the cluster. */
  cluster: 'dev.clusterkit.cluster',
  /** State directory of the checkout that the object belongs to. */
  project: 'dev.clusterkit.project',
  /** What it is within the cluster: see {@link Role}. */
  role: 'dev.clusterkit.role',
  /** On containers made by the engine's API: digest of what they were made from. */
  spec: 'dev.clusterkit.spec',
  /** On the data volume, from its first day on: see `lib/data-layout.ts`. */
  layout: 'dev.clusterkit.layout',
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
  /** YAML that servers from 1.7 on read. */
  server: 'prisma.yml',
  /** Shell script that starts a server up to 1.6 with its variables. */
  start: 'start',
} as const;

/** Port of the server inside its container. */
export const SERVER_PORT = 4466;
