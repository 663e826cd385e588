import { renderGateway } from '../../cluster/configuration/render-gateway.js';
import type { Connector } from '../../cluster/databases.js';
import { SERVER_PORT } from '../../cluster/names.js';
import type { Secret } from '../../lib/secret.js';
import { requireGeneration } from '../../prisma/generation.js';
import { databaseOf, type Knowledge } from './server-configuration.js';
import type { CommonFacts } from './stages/facts.js';

/** Name of the server in the cluster's network. */
const SERVER_HOST = 'server';

/** The configuration that a cluster's gateway reads at its start. */
export function gatewayConfiguration(
  {
    gateway,
    connector,
    version,
    trustedProxies,
  }: {
    readonly gateway: NonNullable<CommonFacts['gateway']>;
    readonly connector: Connector;
    readonly version: string;
    /** Addresses of the cluster's own proxies. @default - none */
    readonly trustedProxies?: readonly string[] | undefined;
  },
  knowledge: Knowledge,
): Secret {
  const { limits, sources } = gateway;
  const { secrets, serverSecret, derivedSecret } = knowledge;
  const { publicKey, clusterSecret } = secrets;
  const secret = serverSecret ?? (publicKey === undefined ? clusterSecret : undefined);
  return renderGateway({
    serverUrl: `http://${SERVER_HOST}:${SERVER_PORT}`,
    generation: requireGeneration(version),
    ...(publicKey !== undefined && { publicKey }),
    ...(secret && { serverSecret: secret }),
    ...(derivedSecret && { derivedSecret }),
    ...(limits && {
      development: {
        requests: limits.requests,
        perSeconds: limits.perSeconds,
        queue: limits.queue,
        capMegabytes: limits.storageMb,
        database: databaseOf(connector, knowledge),
      },
    }),
    ...(sources && { sources }),
    ...(trustedProxies && { trustedProxies }),
  });
}
