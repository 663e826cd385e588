import type { Auth } from '../../prisma/auth.js';
import type { Connector } from '../databases.js';
import type { AppSettings } from './apps/settings.js';

/** Names appear in container names, hosts and prisma.yml: letters, digits and dashes. */
export const CLUSTER_NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** The complete settings of one cluster. A target adds its own. */
export interface ClusterSettings {
  readonly name: string;
  /** Value of `clusters.<name>.target`. */
  readonly target: string;
  readonly port: number;
  readonly server: {
    readonly image: string;
    readonly version: string;
    readonly auth: Auth;
    /** @default - computed for the machine */
    readonly memoryMb?: number;
    /** Of its JVM, in addition to the kit's. @default - none */
    readonly javaOptions?: string;
  };
  readonly database: DatabaseSettings;
  /** @default - no gateway in front of the server */
  readonly gateway?: GatewaySettings;
  /** @default - plain http */
  readonly tls?: Tls;
  /** Applications beside the server, by name. @default - none */
  readonly apps?: readonly AppSettings[];
}

/** Where the data is: in a container, or in an external or managed database. */
export interface DatabaseSettings extends DatabaseUse {
  readonly connector: Connector;
  /** Image of the database container, or of the relay in its place. */
  readonly image: string;
  readonly external?: ExternalDatabase;
  readonly managed?: ManagedDatabase;
  /** @default - computed for the machine */
  readonly memoryMb?: number;
}

/** How the server uses its database; the names are those of its configuration. */
export interface DatabaseUse {
  /** @default 10 */
  readonly connectionLimit?: number | undefined;
  /** @default false */
  readonly rawAccess?: boolean | undefined;
  /** PostgreSQL schema of all services. @default - each service has its own */
  readonly schema?: string | undefined;
}

/** An external database: it exists before the cluster and outlives it. */
export interface ExternalDatabase {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Path as in `clusters.yml`, or name of an environment variable. */
  readonly password: { readonly file: string } | { readonly env: string };
  /** Database for the server's own tables. */
  readonly database: string;
  readonly ssl: 'verify-full' | 'disable';
  /** Path as in `clusters.yml`. @default - the well-known authorities */
  readonly caFile?: string;
  /** Only the cluster's machine reaches it. @default - this machine reaches it */
  readonly checkFrom?: 'host';
}

/** A managed database: the cloud provider runs it for the cluster. */
export interface ManagedDatabase {
  readonly version: string;
  readonly size: string;
  readonly nodes: number;
}

/** The gateway in front of a server. */
export interface GatewaySettings {
  readonly image: string;
  /** For each service and stage. @default - no limits: not a development cluster */
  readonly limits?: Limits;
}

/** Limits for each service and stage of a development cluster. */
export interface Limits {
  readonly requests: number;
  readonly perSeconds: number;
  readonly queue: number;
  readonly storageMb: number;
}

/** Addresses and blocks of addresses (CIDR). */
export interface Sources {
  readonly sources: readonly string[];
}

/** How an image reaches a machine: from its registry, or from this machine's Docker engine. */
export type ImageTransport = 'pull' | 'push';

/** Https: a proxy in front of the gateway serves the certificate. */
export type Tls = { readonly proxyImage: string } & (
  | {
      readonly kind: 'acme';
      readonly domain: string;
      readonly email?: string;
      readonly directory?: string;
      /** Path as in `clusters.yml`. */
      readonly caFile?: string;
    }
  | { readonly kind: 'pinned' }
);

/** The images that a cluster runs, each once. */
export const imagesOf = ({
  database,
  server,
  gateway,
}: Pick<ClusterSettings, 'database' | 'server' | 'gateway'>): string[] => [
  ...new Set([database.image, server.image, ...(gateway ? [gateway.image] : [])]),
];
