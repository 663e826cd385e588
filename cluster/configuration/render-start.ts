import { createHmac } from 'node:crypto';
import { Secret } from '../../lib/secret.js';
import { shellWord } from '../../lib/shell-word.js';
import { CONNECTION_LIMIT, type ServerConfiguration } from './server-configuration.js';

/** The database in which servers up to 1.6 store their own tables. */
const INTERNAL_DATABASE = 'graphcool';

/**
 * The environment of servers up to 1.6, which read no configuration file.
 * `CLUSTER_PUBLIC_KEY` is a PEM with real line breaks; on one line the server starts and refuses
 * every token. Releases before 1.4 read the variables named `…_CLIENT1`.
 */
export function serverVariables(
  configuration: ServerConfiguration,
): Readonly<Record<string, string>> {
  const { port, access, database } = configuration;
  if (access.auth !== 'rsa') throw new Error('servers up to 1.6 check tokens with a key only');
  const address = `http://localhost:${port}`;
  const password = database.password.reveal();
  const login = (prefix: string) => ({
    [`${prefix}_HOST`]: database.host,
    [`${prefix}_PORT`]: String(database.port),
    [`${prefix}_USER`]: database.user,
    [`${prefix}_PASSWORD`]: password,
    [`${prefix}_CONNECTION_LIMIT`]: String(database.connectionLimit ?? CONNECTION_LIMIT),
  });
  return {
    PORT: String(port),
    ...login('SQL_CLIENT'),
    SQL_CLIENT_HOST_CLIENT1: database.host,
    SQL_CLIENT_HOST_READONLY_CLIENT1: database.host,
    ...login('SQL_INTERNAL'),
    SQL_INTERNAL_DATABASE: database.database ?? INTERNAL_DATABASE,
    CLUSTER_ADDRESS: address,
    CLUSTER_PUBLIC_KEY: access.publicKey,
    // Two components of one process share it. Nothing else needs it, so it is derived, not stored.
    SCHEMA_MANAGER_SECRET: createHmac('sha256', password).update('schema-manager').digest('hex'),
    SCHEMA_MANAGER_ENDPOINT: `${address}/cluster/schema`,
    BUGSNAG_API_KEY: '',
    CACHE_ENABLED: 'true',
    ENABLE_METRICS: '0',
  };
}

/**
 * A script for `/bin/sh` that runs `command` with {@link serverVariables} in its environment. As a file
 * in the configuration volume it keeps them out of `docker inspect` and Terraform state.
 */
export function renderStart(
  configuration: ServerConfiguration,
  command: readonly string[],
): Secret {
  const exports = Object.entries(serverVariables(configuration)).map(
    ([name, value]) => `export ${name}=${shellWord(value)}`,
  );
  return new Secret([...exports, `exec ${command.map(shellWord).join(' ')}`, ''].join('\n'));
}
