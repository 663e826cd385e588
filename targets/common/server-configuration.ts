import type { DatabaseAddress, DatabaseLogin } from '../../clients/database/database-login.js';
import type {
  ServerAccess,
  ServerConfiguration,
} from '../../cluster/configuration/server-configuration.js';
import { type Connector, DATABASE_HOST, DATABASES } from '../../cluster/databases.js';
import type { ClusterSecrets } from '../../cluster/keys/key-store.js';
import { SERVER_PORT } from '../../cluster/names.js';
import type { Secret } from '../../lib/secret.js';

/** What is known of a cluster beside its settings. */
export interface Knowledge {
  readonly secrets: ClusterSecrets;
  /** To a database elsewhere. @default - the database is a container of the cluster */
  readonly login?: DatabaseLogin | undefined;
  /** The server's own secret, where only a gateway uses it. @default - it has what clients sign with */
  readonly serverSecret?: Secret | undefined;
}

/** What the server of a cluster is told. */
export const serverConfiguration = (
  connector: Connector,
  knowledge: Knowledge,
): ServerConfiguration => ({
  port: SERVER_PORT,
  access: accessOf(knowledge),
  database: databaseOf(connector, knowledge),
});

/** The database as containers of the cluster reach it: itself, or the relay. */
export function databaseOf(connector: Connector, { secrets, login }: Knowledge): DatabaseAddress {
  const { port, user } = DATABASES[connector];
  const place = { connector, host: DATABASE_HOST, port };
  if (login === undefined) return { ...place, user, password: secrets.databasePassword };
  return { ...place, user: login.user, password: login.password, database: login.database };
}

/** Without a public half the secret is a shared one. */
function accessOf({ secrets, serverSecret }: Knowledge): ServerAccess {
  if (serverSecret !== undefined) return { auth: 'secret', secret: serverSecret };
  const { clusterSecret, publicKey } = secrets;
  return publicKey === undefined
    ? { auth: 'secret', secret: clusterSecret }
    : { auth: 'rsa', publicKey };
}
