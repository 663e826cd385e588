/** Labels on every object that the kit creates in an engine. */
export const LABEL = {
  /** Name of the cluster. */
  cluster: 'dev.clusterkit.cluster',
  /** Identity of the cluster: see `cluster/identity.ts`. Objects of versions before have none. */
  identity: 'dev.clusterkit.identity',
  /** State directory of the checkout that made the cluster. */
  project: 'dev.clusterkit.project',
  /** Its role in the cluster: see {@link Role}. */
  role: 'dev.clusterkit.role',
  /** On containers created through the engine's API: digest of their input. */
  spec: 'dev.clusterkit.spec',
  /** On the data volume since its creation: see `cluster/data-layout.ts`. */
  layout: 'dev.clusterkit.layout',
  /** On the containers of an application: its name. */
  app: 'dev.clusterkit.app',
  /** On the containers of an application: the release that they are of. */
  release: 'dev.clusterkit.release',
  /** `true` on the containers of a function: only these may be paused and stopped by the waker. */
  function: 'dev.clusterkit.function',
  /** On images that the kit built: digest of what they were built from. */
  context: 'dev.clusterkit.context',
  /** On the containers of an application: names of the variables that are secret, with commas between them. */
  secrets: 'dev.clusterkit.secrets',
} as const;

/**
 * The roles of a cluster's objects in an engine. `database` is the relay when the database is external;
 * `proxy` serves the certificate; `certificates` stores those of an authority; `courier` exists during one
 * file transfer.
 */
export type Role =
  | ContainerRole
  | AppRole
  | 'network'
  | 'data'
  | 'config'
  | 'certificates'
  | 'courier';

/** The roles of containers, in the order in which they start. */
export const CONTAINER_ROLES = ['database', 'server', 'gateway', 'proxy'] as const;
export type ContainerRole = (typeof CONTAINER_ROLES)[number];

/** The roles of objects that have a name of their own. */
export const OBJECT_ROLES = [
  ...CONTAINER_ROLES,
  ...(['network', 'data', 'config', 'certificates'] as const),
];

/**
 * The roles of what applications need. The kit makes these through the engine's API, so Terraform's state does
 * not have them. `edge` receives requests, `activator` and `waker` run functions, `pool` bounds connections to
 * the database, `app` is an instance of an application. The others are volumes: routes, files of the pool, and
 * the waker's socket.
 */
export const APP_ROLES = [
  ...(['edge', 'activator', 'waker', 'pool', 'app'] as const),
  ...(['apps', 'pool-files', 'wake'] as const),
] as const;
export type AppRole = (typeof APP_ROLES)[number];

/** Belongs an object of this role to the applications of a cluster? */
export const isAppRole = (role: string | undefined): boolean =>
  (APP_ROLES as readonly (string | undefined)[]).includes(role);

/** Name of an object in the engine. Part of the public interface: do not change it. */
export const objectName = (cluster: string, role: Exclude<Role, 'courier' | 'app'>) =>
  `clusterkit-${cluster}-${role}`;

/**
 * Names in the engine that a cluster's applications need: of what they share, and of the instances of each.
 * @param apps their names; without any, nothing is needed
 */
export function appNames(cluster: string, apps: readonly string[]): readonly RegExp[] {
  if (apps.length === 0) return [];
  const shared = APP_ROLES.filter((role) => role !== 'app').map((role) =>
    objectName(cluster, role),
  );
  const edges = `${objectName(cluster, 'edge')}-\\d+`;
  const instances = apps.map((app) => instanceName(cluster, app, 'r\\d+', 0).replace(/0$/, '\\d+'));
  return [...shared, edges, ...instances].map((pattern) => new RegExp(`^${pattern}$`));
}

/** Name of an instance, such as `clusterkit-local-app-web-r3-1`. Part of the public interface. */
export const instanceName = (cluster: string, app: string, release: string, number: number) =>
  `clusterkit-${cluster}-app-${app}-${release}-${number}`;

/** Where all containers mount the configuration volume, read-only. */
export const CONFIG_DIRECTORY = '/run/clusterkit';

/** Files in the configuration volume, 0600 and owned by root. */
export const CONFIG_FILES = {
  databasePassword: 'database-password',
  /** YAML that servers from 1.7 on read. */
  server: 'prisma.yml',
  /** Shell script that starts a server up to 1.6 with its variables. */
  start: 'start',
  /** YAML that the gateway reads. */
  gateway: 'gateway.yml',
  /** The server's shared secret when only the gateway uses it: stored on the host only. */
  serverSecret: 'server-secret',
  /** YAML that the relay to an external database reads. */
  relay: 'relay.yml',
  /** What Caddy reads. */
  proxy: 'Caddyfile',
  /** Root of an authority that is not well known (PEM). */
  acmeRoot: 'acme-root.pem',
  /** Certificate and key of a cluster with `tls: pinned` (PEM); the key is on the host only. */
  certificate: 'certificate.pem',
  certificateKey: 'certificate-key.pem',
} as const;

/** Port of the server inside its container. */
export const SERVER_PORT = 4466;

/** Port of the gateway inside its container: the same as the server's, which it replaces for clients. */
export const GATEWAY_PORT = 4466;

/**
 * Port of the edge inside the cluster's network for host names: the proxy sends requests there. Applications
 * cannot publish this number, because the edge listens on published ports under their own number.
 */
export const EDGE_HTTP_PORT = 9466;

/** Where edge and activator mount the volume `apps`. */
export const APPS_DIRECTORY = '/run/clusterkit-apps';
