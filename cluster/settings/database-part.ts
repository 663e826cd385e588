import type { Problem } from '../../lib/errors.js';
import { BUNDLED_GATEWAY, isBundledServer } from '../bundled-images.js';
import { DATABASES } from '../databases.js';
import type { ClusterEntry } from './entry.js';
import { megabytes } from './memory.js';
import type { DatabaseSettings, DatabaseUse, ExternalDatabase } from './settings.js';

const MANAGED_VERSIONS = { postgres: '15', mysql: '8' };

/** The database of a cluster, with defaults. */
export function databasePart({ database, gateway }: ClusterEntry): DatabaseSettings {
  const use = usePart(database);
  if ('image' in database) return { connector: database.connector, image: database.image, ...use };
  const image = (typeof gateway === 'object' ? gateway.image : undefined) ?? BUNDLED_GATEWAY;
  if ('managed' in database) {
    const { connector, version = MANAGED_VERSIONS[connector], size, nodes } = database;
    return { connector, image, managed: { version, size, nodes }, ...use };
  }
  const { connector, ...external } = database.external;
  return { connector, image, external: externalPart(connector, external), ...use };
}

/** Omits missing keys, because `undefined` is no value. */
function usePart(database: ClusterEntry['database']): DatabaseUse & { readonly memoryMb?: number } {
  const { connectionLimit, rawAccess, schema, memory } = database;
  return {
    ...(connectionLimit !== undefined && { connectionLimit }),
    ...(rawAccess !== undefined && { rawAccess }),
    ...(schema !== undefined && { schema }),
    ...(memory !== undefined && { memoryMb: megabytes(memory) }),
  };
}

/** Problems in the settings of an external database. @param path of the cluster in its file */
export function databaseProblems(path: string, entry: ClusterEntry): Problem[] {
  const { server, database } = entry;
  if ('managed' in database) return managedProblems(path, server.image, database);
  if (!('external' in database)) return [];
  const { passwordFile, passwordEnv, ssl, caFile } = database.external;
  const at = `${path}.database.external`;
  const problems: Problem[] = [];
  if ((passwordFile === undefined) === (passwordEnv === undefined)) {
    problems.push({
      path: `${at}.passwordFile`,
      message:
        passwordFile === undefined
          ? 'is missing, as is passwordEnv'
          : 'and passwordEnv are both set',
      hint: 'Set one of them: a file with the password, or the environment variable that has it.',
    });
  }
  if (ssl === 'disable' && caFile !== undefined) {
    problems.push({
      path: `${at}.caFile`,
      message: 'is for ssl: verify-full, but ssl is disable',
      hint: 'Remove caFile or ssl.',
    });
  }
  return problems;
}

/** DigitalOcean's are MySQL 8, which is newer than upstream's servers and their drivers. */
function managedProblems(
  path: string,
  image: string,
  { connector }: Pick<DatabaseSettings, 'connector'>,
): Problem[] {
  if (connector !== 'mysql' || isBundledServer(image)) return [];
  return [
    {
      path: `${path}.database.connector`,
      message: `is mysql; managed databases are MySQL 8, which '${image}' does not support`,
      hint: 'Use connector: postgres; or the bundled server clusterkit/dev-server, which works with it.',
    },
  ];
}

type External = Extract<ClusterEntry['database'], { external: unknown }>['external'];

function externalPart(
  connector: External['connector'],
  given: Omit<External, 'connector'>,
): ExternalDatabase {
  const { port = DATABASES[connector].port, passwordFile, passwordEnv, ...rest } = given;
  const { caFile, checkFrom, host, user, database, ssl } = rest;
  return {
    ...{ host, port, user, database, ssl },
    password: passwordFile === undefined ? { env: passwordEnv ?? '' } : { file: passwordFile },
    ...(caFile !== undefined && { caFile }),
    ...(checkFrom === 'host' && { checkFrom }),
  };
}
