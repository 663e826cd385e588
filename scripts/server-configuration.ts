import { SERVER_PORT } from '../lib/cluster-names.js';
import { type Connector, DATABASE_HOST, DATABASES } from '../lib/databases.js';
import type { ClusterSecrets } from '../lib/keys/key-store.js';
import type { ServerAccess, ServerConfiguration } from '../lib/server/server-configuration.js';

/** What the server of a cluster is told, from the cluster's secrets. */
export function serverConfiguration(
  connector: Connector,
  secrets: ClusterSecrets,
): ServerConfiguration {
  const { port, user } = DATABASES[connector];
  return {
    port: SERVER_PORT,
    access: accessOf(secrets),
    database: { connector, host: DATABASE_HOST, port, user, password: secrets.databasePassword },
  };
}

/** Without a public half the secret is a shared one. */
const accessOf = ({ clusterSecret, publicKey }: ClusterSecrets): ServerAccess =>
  publicKey === undefined ? { auth: 'secret', secret: clusterSecret } : { auth: 'rsa', publicKey };
