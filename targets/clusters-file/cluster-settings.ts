import { z } from 'zod';
import type { Connector } from '../../cluster/databases.js';
import {
  database,
  gateway,
  kind,
  limits,
  oneOf,
  portWith,
  server,
} from '../../cluster/settings/common-schema.js';
import type { Auth } from '../../prisma/auth.js';
import { dropletShape } from '../droplet/schema.js';

const TARGETS = ['docker', 'digitalocean'] as const;
const TARGET = `should be one of ${TARGETS.join(', ')}`;

const dockerShape = {
  target: z.literal('docker').describe('The Docker engine of this machine.'),
  port: portWith('Port of the server on this machine, bound to loopback.'),
  kind,
  limits: limits.optional(),
  gateway,
  server,
  database,
} as const;

const cluster = z.discriminatedUnion(
  'target',
  [z.strictObject(dockerShape), z.strictObject(dropletShape)],
  TARGET,
);

/** Keys of a cluster on each target. */
export const CLUSTER_KEYS: Readonly<Record<(typeof TARGETS)[number], readonly string[]>> = {
  docker: Object.keys(dockerShape),
  digitalocean: Object.keys(dropletShape),
};

/** Of a target that nobody knows: what can be told of the rest all the same. */
export const clusterOfAnyTarget = z.strictObject({
  ...dropletShape,
  ...dockerShape,
  target: oneOf(TARGETS),
});

/** Names end up in container names, hosts and prisma.yml: letters, digits and dashes. */
export const CLUSTER_NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** The whole of `clusters.yml`. Unknown keys are errors. */
export const clustersFile = z.strictObject({
  clusters: z.record(
    z
      .string()
      .regex(CLUSTER_NAME, 'should be a name of at most 40 lower-case letters, digits and dashes'),
    cluster,
  ),
});

/** One entry of `clusters.yml`, with defaults filled in. */
export type ClusterEntry = z.infer<typeof cluster>;

/** An entry whose target is `docker`. */
export type DockerEntry = Extract<ClusterEntry, { target: 'docker' }>;

/** An entry whose target is `digitalocean`. */
export type DropletEntry = Extract<ClusterEntry, { target: 'digitalocean' }>;

/** What every later stage takes of a cluster, whatever it runs on. */
export interface CommonSettings {
  readonly name: string;
  readonly port: number;
  readonly server: { readonly image: string; readonly version: string; readonly auth: Auth };
  readonly database: DatabaseSettings;
  /** @default - none stands before the server */
  readonly gateway?: GatewaySettings;
}

/** Where the data lives: in a container, or in a database of one's own (a private cluster). */
export interface DatabaseSettings {
  readonly connector: Connector;
  /** Of what answers as the database: itself, or the relay to it. */
  readonly image: string;
  readonly external?: ExternalDatabase;
  readonly managed?: ManagedDatabase;
}

/** A database that is there already. */
export interface ExternalDatabase {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Path as written, or name of an environment variable. */
  readonly password: { readonly file: string } | { readonly env: string };
  /** Database of the server's own tables. */
  readonly database: string;
  readonly ssl: 'verify-full' | 'disable';
  /** Path as written. @default - the well-known authorities */
  readonly caFile?: string;
  /** The droplet alone may reach it. @default - it is reached from this machine */
  readonly checkFrom?: 'host';
}

/** A database that DigitalOcean keeps for the cluster. */
export interface ManagedDatabase {
  readonly version: string;
  readonly size: string;
  readonly nodes: number;
}

/** The gateway before a server. */
export interface GatewaySettings {
  readonly image: string;
  /** Of each service and stage. @default - no limits: not a development cluster */
  readonly limits?: Limits;
}

/** Limits of each service and stage of a development cluster. */
export interface Limits {
  readonly requests: number;
  readonly perSeconds: number;
  readonly queue: number;
  readonly storageMb: number;
}

/** A cluster on the Docker engine of this machine. */
export interface DockerSettings extends CommonSettings {
  readonly target: 'docker';
}

/** How an image comes to a droplet: from its registry, or from this machine's Docker engine. */
export type ImageTransport = 'pull' | 'push';

/** Addresses and blocks of addresses (CIDR). */
export interface Sources {
  readonly sources: readonly string[];
}

/** A cluster on a DigitalOcean droplet. */
export interface DropletSettings extends CommonSettings {
  readonly target: 'digitalocean';
  readonly region: string;
  readonly size: string;
  readonly image: string;
  /** Who may reach ssh. @default - the operator's own address */
  readonly ssh?: Sources;
  /** Who may reach the management API. @default - the operator's own address */
  readonly management?: Sources;
  /** Who may reach services. @default - as the management API */
  readonly data?: Sources;
  /** @default - plain http */
  readonly tls?: Tls;
  /** `false`: the data is on the droplet's own disk. */
  readonly volume: { readonly sizeGb: number } | false;
  readonly reservedIp: boolean;
  /** Name of a project to make. @default - the account's default project */
  readonly project?: string;
  readonly tags: readonly string[];
  readonly backups: boolean;
  readonly monitoring: boolean;
  /** Id. @default - the region's default network */
  readonly vpc?: string;
  readonly images: {
    readonly server: ImageTransport;
    readonly database: ImageTransport;
    readonly gateway?: ImageTransport;
    readonly proxy?: ImageTransport;
  };
}

/** How a cluster comes to https: by a proxy before the gateway, which has the certificate. */
export type Tls = { readonly proxyImage: string } & (
  | {
      readonly kind: 'acme';
      readonly domain: string;
      readonly email?: string;
      readonly directory?: string;
      /** Path as written. */
      readonly caFile?: string;
    }
  | { readonly kind: 'pinned' }
);

/** A cluster as every later stage takes it. */
export type ClusterSettings = DockerSettings | DropletSettings;

/** The images that a cluster runs, each once. */
export const imagesOf = ({ database, server, gateway }: CommonSettings): string[] => [
  ...new Set([database.image, server.image, ...(gateway ? [gateway.image] : [])]),
];

/** Where clients reach a server on this machine; the host of its registry entry. */
export const endpointOf = ({ port }: Pick<DockerSettings, 'port'>) => `http://localhost:${port}`;

/** Where clients reach a server on a droplet. */
export function dropletEndpoint(
  address: string,
  { port, tls }: Pick<DropletSettings, 'port' | 'tls'>,
): string {
  if (tls === undefined) return `http://${address}:${port}`;
  if (tls.kind === 'pinned') return `https://${address}:${port}`;
  return port === 443 ? `https://${tls.domain}` : `https://${tls.domain}:${port}`;
}
