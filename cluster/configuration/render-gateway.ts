import { Document } from 'yaml';
import type { DatabaseAddress } from '../../clients/database/database-login.js';
import { Secret } from '../../lib/secret.js';
import type { Generation } from '../../prisma/generation.js';

/** Configuration of the gateway in front of a server. Omitted keys have the gateway's defaults. */
export interface GatewayConfiguration {
  /** Address of the server in the cluster's network, such as `http://clusterkit-local-server:4466`. */
  readonly serverUrl: string;
  readonly generation: Generation;
  /** Public half of the cluster's key pair (SPKI PEM), if the cluster has one. */
  readonly publicKey?: string;
  /** The server's shared secret, if it has one. */
  readonly serverSecret?: Secret;
  /** The secret derived from the key pair, if clients may use it. */
  readonly derivedSecret?: Secret;
  /** For development clusters: limits of each service and stage. */
  readonly development?: {
    readonly requests?: number;
    readonly perSeconds?: number;
    readonly queue?: number;
    readonly capMegabytes?: number;
    /** The database whose data is measured. */
    readonly database: DatabaseAddress;
  };
  /** Addresses and ranges that may use an API; `undefined`: all that reach it. */
  readonly sources?: {
    readonly management?: readonly string[] | undefined;
    readonly data?: readonly string[] | undefined;
  };
  /** Addresses of proxies in front of the gateway, such as the one for https. */
  readonly trustedProxies?: readonly string[];
}

/** The YAML that the gateway reads from the file named by `GATEWAY_CONFIG_PATH`. */
export function renderGateway(configuration: GatewayConfiguration): Secret {
  const { serverUrl, generation, publicKey, serverSecret, derivedSecret, sources, trustedProxies } =
    configuration;
  const document = new Document({
    server: { url: serverUrl, generation },
    clusterKey: publicKey,
    serverSecret: serverSecret?.reveal(),
    derivedSecret: derivedSecret?.reveal(),
    ...limits(configuration.development),
    sources,
    trustedProxies,
  });
  return new Secret(document.toString({ lineWidth: 0 }));
}

function limits(development: GatewayConfiguration['development']) {
  if (development === undefined) return {};
  const { requests, perSeconds, queue, capMegabytes, database } = development;
  return {
    rate: { requests, perSeconds, queue },
    storage: {
      capMegabytes,
      database: { database: 'prisma', ...database, password: database.password.reveal() },
    },
  };
}
