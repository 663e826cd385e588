import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { runInContainer } from '../../clients/docker/run-in-container.js';
import { BUNDLED_POOL } from '../../cluster/bundled-images.js';
import { type ClusterMarks, clusterLabels } from '../../cluster/containers/cluster-labels.js';
import { DATABASE_HOST } from '../../cluster/databases.js';
import { CONFIG_DIRECTORY, CONFIG_FILES, objectName } from '../../cluster/names.js';
import { redact, type Secret } from '../../lib/secret.js';
import { shellWord } from '../../lib/shell-word.js';
import type { PoolDatabase } from './pool-app.js';

/** Runs SQL as the kit's login; all of a text is one transaction. */
export type RunSql = (sql: string) => Promise<string>;

/** SQL that the database refused: its SQLSTATE and words, without secrets. */
export class SqlError extends Error {
  constructor(
    readonly state: string | undefined,
    message: string,
  ) {
    super(message);
  }
}

/** After this the client ends by itself, whatever became of the kit. */
const LIFE_SECONDS = 300;
const STATEMENT_SECONDS = 60;
const SQL_FILE = 'query.sql';

/** What {@link withDatabaseClient} takes. */
export interface ClientProps extends ClusterMarks {
  readonly database: PoolDatabase;
  /** Hidden in errors: passwords, and what is derived from them. */
  readonly secrets: readonly Secret[];
  /** Of the pool, which has psql. @default - the bundled one */
  readonly image?: string | undefined;
}

/**
 * Calls `work` with a client in the cluster's network, which logs in as the server does: to the database or to the relay
 * in its place, over the network, with the password in the configuration volume. SQL reaches it as a file; neither
 * argument nor log has any. The client ends with `work`.
 */
export async function withDatabaseClient<T>(
  engine: Engine,
  props: ClientProps,
  work: (run: RunSql) => Promise<T>,
): Promise<T> {
  const { cluster, database, secrets, image = BUNDLED_POOL } = props;
  const container = await engine.createContainer({
    name: `clusterkit-${cluster}-courier-${randomBytes(4).toString('hex')}`,
    Image: image,
    User: '0',
    Entrypoint: ['sleep', String(LIFE_SECONDS)],
    Cmd: [],
    Labels: clusterLabels(props, 'courier'),
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      Init: true,
      AutoRemove: true,
      NetworkMode: objectName(cluster, 'network'),
      LogConfig: { Type: 'none', Config: {} },
      Mounts: [
        {
          Type: 'volume',
          Source: objectName(cluster, 'config'),
          Target: CONFIG_DIRECTORY,
          ReadOnly: true,
        },
      ],
    },
  });
  try {
    await container.start();
    return await work((sql) => runSql(container, database, sql, secrets));
  } finally {
    await container.remove({ force: true, v: true }).catch(unlessGone);
  }
}

async function runSql(
  container: Docker.Container,
  { user, database }: PoolDatabase,
  sql: string,
  secrets: readonly Secret[],
): Promise<string> {
  await container.putArchive(await archiveOf(sql), { path: '/run' });
  const { exitCode, output } = await runInContainer(container, [
    'sh',
    '-c',
    command(user, database),
  ]);
  if (exitCode === 0) return output;
  const text = redact(output, secrets);
  const [, state, message] = /(?:ERROR|FATAL|[A-Z]+): {2}([0-9A-Z]{5}): (.*)/.exec(text) ?? [];
  throw new SqlError(state, message ?? (text || `psql ended with exit code ${exitCode}`));
}

/** Messages begin with their SQLSTATE, and are those of errors only. */
const command = (user: string, database: string) =>
  [
    `PGPASSWORD="$(cat ${CONFIG_DIRECTORY}/${CONFIG_FILES.databasePassword})"`,
    'PGCONNECT_TIMEOUT=10',
    `PGOPTIONS='-c client_min_messages=error -c statement_timeout=${STATEMENT_SECONDS}s'`,
    'PGAPPNAME=clusterkit',
    `psql --no-psqlrc -h ${DATABASE_HOST} -U ${shellWord(user)} -d ${shellWord(database)}`,
    `-qtA -1 -v ON_ERROR_STOP=1 -v VERBOSITY=verbose -v SHOW_CONTEXT=never -f /run/${SQL_FILE}`,
  ].join(' ');

async function archiveOf(sql: string): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: SQL_FILE, mode: 0o600, uid: 0, gid: 0 }, sql);
  archive.finalize();
  return buffer(archive);
}

function unlessGone(error: unknown) {
  const status = statusOf(error);
  if (status !== 404 && status !== 409) throw error;
}
