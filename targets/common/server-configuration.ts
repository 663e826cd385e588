import type { DatabaseAddress, DatabaseLogin } from '../../clients/database/database-login.js';
import type {
  ServerAccess,
  ServerConfiguration,
} from '../../cluster/configuration/server-configuration.js';
import { type Connector, DATABASE_HOST, DATABASES } from '../../cluster/databases.js';
import type { ClusterSecrets } from '../../cluster/keys/key-store.js';
import { SERVER_PORT } from '../../cluster/names.js';
import type { DatabaseUse } from '../../cluster/settings/settings.js';
import type { Secret } from '../../lib/secret.js';

/** Facts about a cluster besides its settings. */
export interface Knowledge {
  readonly secrets: ClusterSecrets;
  /** Login to an external or managed database. @default - the database is a container of the cluster */
  readonly login?: DatabaseLogin | undefined;
  /** The server's own secret, when only a gateway uses it. @default - that of the clients */
  readonly serverSecret?: Secret | undefined;
  /** The secret derived from the key pair, where it is accepted. @default - only the key pair is */
  readonly derivedSecret?: Secret | undefined;
}

/** The configuration of a cluster's server. */
export const serverConfiguration = (
  connector: Connector,
  knowledge: Knowledge,
  use: DatabaseUse = {},
): ServerConfiguration => ({
  port: SERVER_PORT,
  access: accessOf(knowledge),
  database: { ...databaseOf(connector, knowledge), ...use },
});

/** Address of the database in the cluster's network: its container, or the relay. */
export function databaseOf(connector: Connector, { secrets, login }: Knowledge): DatabaseAddress {
  const { port, user } = DATABASES[connector];
  const place = { connector, host: DATABASE_HOST, port };
  if (login === undefined) return { ...place, user, password: secrets.databasePassword };
  return { ...place, user: login.user, password: login.password, database: login.database };
}

/** A secret without a public half is a shared one. */
function accessOf({ secrets, serverSecret, derivedSecret }: Knowledge): ServerAccess {
  if (serverSecret !== undefined) return { auth: 'secret', secret: serverSecret };
  const { clusterSecret, publicKey } = secrets;
  return publicKey === undefined
    ? { auth: 'secret', secret: clusterSecret }
    : { auth: 'rsa', publicKey, ...(derivedSecret && { derivedSecret }) };
}
