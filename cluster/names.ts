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
  /** On the data volume, from its first day on: see `cluster/data-layout.ts`. */
  layout: 'dev.clusterkit.layout',
} as const;

/**
 * The parts of a cluster in an engine. `database` is the relay, where the database is elsewhere; `proxy`
 * has the certificate, `certificates` is where it keeps those of an authority; `courier` lives for one
 * file transfer.
 */
export type Role = ContainerRole | 'network' | 'data' | 'config' | 'certificates' | 'courier';

/** The parts that run, in the order in which they start. */
export const CONTAINER_ROLES = ['database', 'server', 'gateway', 'proxy'] as const;
export type ContainerRole = (typeof CONTAINER_ROLES)[number];

/** Name of a part in the engine. Part of the public interface: never renamed lightly. */
export const objectName = (cluster: string, role: Exclude<Role, 'courier'>) =>
  `clusterkit-${cluster}-${role}`;

/** Where all containers see the configuration volume, read-only. */
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
  /** The server's shared secret where only the gateway uses it: it is nowhere but on the host. */
  serverSecret: 'server-secret',
  /** YAML that the relay to a database elsewhere reads. */
  relay: 'relay.yml',
  /** What Caddy reads. */
  proxy: 'Caddyfile',
  /** Root of an authority that is not well known (PEM). */
  acmeRoot: 'acme-root.pem',
  /** Certificate and key of a cluster with `tls: pinned` (PEM); the key is nowhere but on the host. */
  certificate: 'certificate.pem',
  certificateKey: 'certificate-key.pem',
} as const;

/** Port of the server inside its container. */
export const SERVER_PORT = 4466;

/** Port of the gateway inside its container: that of the server, which it stands for. */
export const GATEWAY_PORT = 4466;
