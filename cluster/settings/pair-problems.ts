import type { Problem } from '../../lib/errors.js';
import { type Auth, authsOf } from '../../prisma/auth.js';
import { requireGeneration } from '../../prisma/generation.js';
import { isBundledMysql, isBundledServer } from '../bundled-images.js';
import { upstreamUnfit } from '../upstream-databases.js';
import type { ClusterEntry } from './entry.js';

/**
 * Conflicts between server and authentication, server and kind of database, server and version of the
 * database. Based on upstream's releases: 1.8 added PostgreSQL; all of them log in with drivers of 2017
 * (MariaDB Connector/J 2.1.2, pgjdbc 42.2.2).
 *
 * @param path of the cluster in its file, such as `clusters.local`
 */
export function pairProblems(
  path: string,
  version: string,
  { server, database }: Pick<ClusterEntry, 'server' | 'database'>,
  behindGateway = false,
): Problem[] {
  const connector = 'external' in database ? database.external.connector : database.connector;
  const problems = [
    authProblem(version, server.auth, behindGateway),
    connectorProblem(version, connector),
    'image' in database
      ? (kindProblem(database) ??
        (isBundledServer(server.image) ? undefined : upstreamProblem(version, database)))
      : undefined,
  ];
  const at = ['server.auth', 'database.connector', 'database.image'];
  return problems.flatMap((problem, i) =>
    problem === undefined ? [] : [{ path: `${path}.${at[i]}`, ...problem }],
  );
}

type ContainerEntry = Extract<ClusterEntry['database'], { image: string }>;
type Reason = Omit<Problem, 'path'> | undefined;

function authProblem(version: string, auth: Auth | undefined, behindGateway: boolean): Reason {
  const generation = requireGeneration(version);
  if (auth === undefined || authsOf(generation, behindGateway).includes(auth)) return undefined;
  if (auth === 'secret') {
    return {
      message: `server ${version} checks tokens with a key pair only, not with a secret`,
      hint: 'Set auth: rsa, or remove it. Servers from 1.7 on support secrets.',
    };
  }
  return {
    message: `server ${version} ignores a public key, and would accept all requests`,
    hint: 'Set auth: secret, or remove it; or set gateway: true, which checks key pairs itself. Servers from 1.7 to 1.26 support key pairs without a gateway.',
  };
}

function connectorProblem(version: string, connector: string): Reason {
  const isBefore18 = requireGeneration(version) === 'A' || /^1\.7($|[.+-])/.test(version);
  if (connector !== 'postgres' || !isBefore18) return undefined;
  return {
    message: `server ${version} does not support PostgreSQL`,
    hint: 'Use connector: mysql, or a server from 1.8 on.',
  };
}

/** The kind of database that an image is of, by its name; `undefined` when the name does not show it. */
const kindOf = (image: string) =>
  /(mysql|mariadb|postgres)[^/]*$/.exec(image.replace(/[:@].*$/, ''))?.[1];

function kindProblem({ connector, image }: ContainerEntry): Reason {
  const kind = kindOf(image);
  if (kind === undefined || (kind === 'postgres') === (connector === 'postgres')) return undefined;
  return {
    message: `'${image}' is not a database for connector ${connector}`,
    hint: `Use connector: ${kind === 'postgres' ? 'postgres' : 'mysql'}, or another image.`,
  };
}

function upstreamProblem(version: string, { connector, image }: ContainerEntry): Reason {
  const isMariadb = isBundledMysql(image) || kindOf(image) === 'mariadb';
  const release = /:(\d+)(?:\.(\d+))?[^/:]*$/.exec(image.replace(/@.*$/, ''));
  if (release === null && !isMariadb) return undefined;
  const kind = isMariadb ? 'mariadb' : connector;
  const number = Number(release?.[1]) + Number(release?.[2] ?? 0) / 100;
  const unfit = upstreamUnfit(version, { kind, number });
  if (unfit === undefined) return undefined;
  if (unfit === 'mariadb') {
    return {
      message: `'${image}' is MariaDB, on which deployments to server ${version} hang: it takes a lock with an infinite timeout, which MariaDB does not support`,
      hint: 'Use mysql:5.7; or the bundled server clusterkit/dev-server, which works with it.',
    };
  }
  if (connector === 'postgres') {
    return {
      message: `server ${version} needs PostgreSQL 9.4 or later, not '${image}'`,
      hint: 'Use postgres:10, which upstream was tested with.',
    };
  }
  return {
    message:
      unfit === 'too-old'
        ? `server ${version} does not support '${image}'`
        : `server ${version} cannot log in to '${image}': its driver does not support the passwords of MySQL 8`,
    hint: 'Use mysql:5.7.',
  };
}
