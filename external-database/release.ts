import type { OpenDatabase } from '../clients/database/open-database.js';
import { type DatabaseRelease, upstreamUnfit } from '../cluster/upstream-databases.js';
import type { Problem } from '../lib/errors.js';

/** The oldest releases that the bundled server works with. */
const BUNDLED_OLDEST = { postgres: 9.05, mysql: 5.07, mariadb: 10.01 } as const;

const NAMES = { postgres: 'PostgreSQL', mysql: 'MySQL', mariadb: 'MariaDB' } as const;

/** The release that a database reports. */
export interface ReportedRelease extends DatabaseRelease {
  /** As reported, such as `10.11.6-MariaDB`. */
  readonly text: string;
}

/** Reads the product and release of a database. */
export async function readRelease(database: OpenDatabase): Promise<ReportedRelease> {
  const sql =
    database.connector === 'postgres'
      ? 'show server_version'
      : 'select version() as server_version';
  const [row] = await database.rows<{ server_version: string }>(sql);
  return releaseOf(database.connector, row?.server_version ?? '');
}

/** Parses a version, such as `15.8 (Debian 15.8-1)`, `8.0.36` or `10.11.6-MariaDB-log`. */
export function releaseOf(connector: 'postgres' | 'mysql', text: string): ReportedRelease {
  const kind = connector === 'mysql' && /mariadb/i.test(text) ? 'mariadb' : connector;
  // MariaDB puts a prefix for very old clients before its version.
  const [, major = '0', minor = '0'] = /^(?:5\.5\.5-)?(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return { kind, number: Number(major) + Number(minor) / 100, text };
}

/**
 * Why a server does not work with a release; `undefined`: it does.
 * @param server its version, and whether it is the bundled one
 */
export function releaseProblem(
  release: ReportedRelease,
  server: { readonly version: string; readonly isBundled: boolean },
): Omit<Problem, 'path'> | undefined {
  const { kind, number, text } = release;
  const name = `${NAMES[kind]} ${text}`;
  if (server.isBundled) {
    const oldest = BUNDLED_OLDEST[kind];
    if (number >= oldest) return undefined;
    return {
      message: `the database is ${name}, which is too old for the bundled server`,
      hint: `Use ${NAMES[kind]} ${written(oldest)} or later.`,
    };
  }
  const unfit = upstreamUnfit(server.version, release);
  if (unfit === undefined) return undefined;
  if (unfit === 'mariadb') {
    return {
      message: `the database is ${name}; deployments to server ${server.version} hang on it, because MariaDB does not support a lock with an endless time-out`,
      hint: 'Use MySQL 5.7, or the bundled server clusterkit/dev-server, which works with MariaDB.',
    };
  }
  const how = unfit === 'too-old' ? 'too old' : 'too new';
  return {
    message: `the database is ${name}, which is ${how} for server ${server.version}`,
    hint: kind === 'postgres' ? 'Use PostgreSQL 9.4 or later.' : 'Use MySQL 5.7.',
  };
}

const written = (number: number) => `${Math.floor(number)}.${Math.round((number % 1) * 100)}`;
