import { z } from 'zod';
import type { Auth } from '../auth.js';
import type { Connector } from '../databases.js';
import { database, oneOf, portWith, server } from './common-schema.js';
import { dropletShape } from './droplet-schema.js';

const TARGETS = ['docker', 'digitalocean'] as const;
const TARGET = `should be one of ${TARGETS.join(', ')}`;

const dockerShape = {
  target: z.literal('docker').describe('The Docker engine of this machine.'),
  port: portWith('Port of the server on this machine, bound to loopback.'),
  server,
  database,
} as const;

const cluster = z.discriminatedUnion(
  'target',
  [z.strictObject(dockerShape), z.strictObject(dropletShape)],
  TARGET,
);

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
  readonly database: { readonly connector: Connector; readonly image: string };
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
  /** Who may reach the server's port. @default - the operator's own address */
  readonly management?: Sources;
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
  readonly images: { readonly server: ImageTransport; readonly database: ImageTransport };
}

/** A cluster as every later stage takes it. */
export type ClusterSettings = DockerSettings | DropletSettings;

/** Where clients reach a server on this machine; the host of its registry entry. */
export const endpointOf = ({ port }: Pick<DockerSettings, 'port'>) => `http://localhost:${port}`;

/** Where clients reach a server on a droplet. */
export const dropletEndpoint = (address: string, { port }: Pick<DropletSettings, 'port'>) =>
  `http://${address}:${port}`;
