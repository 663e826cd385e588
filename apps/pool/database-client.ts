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

/** Runs SQL as the kit's login; all of a text is one transaction. @throws SqlError */
export type RunSql = (sql: string) => Promise<string>;

/** A client of the database in the cluster's network. */
export interface DatabaseClient {
  readonly run: RunSql;
  /** Logs in with a `DATABASE_URL`, and queries. @throws SqlError */
  readonly logIn: (url: Secret) => Promise<void>;
}

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
const PASSWORD_FILE = 'password';

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
  work: (client: DatabaseClient) => Promise<T>,
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
    const send = async (file: string, content: string, line: string) => {
      await container.putArchive(await archiveOf(file, content), { path: '/run' });
      return psql(container, line, secrets);
    };
    return await work({
      run: (sql) => send(SQL_FILE, sql, asKit(database)),
      logIn: async (url) => void (await send(PASSWORD_FILE, passwordLine(url), asApp(url))),
    });
  } finally {
    await container.remove({ force: true, v: true }).catch(unlessGone);
  }
}

async function psql(container: Docker.Container, line: string, secrets: readonly Secret[]) {
  const { exitCode, output } = await runInContainer(container, ['sh', '-c', line]);
  if (exitCode === 0) return output;
  const text = redact(output, secrets);
  const [, state, message] = /(?:ERROR|[A-Z]+): {2}([0-9A-Z]{5}): (.*)/.exec(text) ?? [];
  throw new SqlError(state, message ?? (text || `psql ended with exit code ${exitCode}`));
}

const PSQL = 'PGCONNECT_TIMEOUT=15 PGAPPNAME=clusterkit psql --no-psqlrc -qtA -v ON_ERROR_STOP=1';

/** Messages begin with their SQLSTATE, and are those of errors only. */
const asKit = ({ user, database }: PoolDatabase) =>
  [
    `PGPASSWORD="$(cat ${CONFIG_DIRECTORY}/${CONFIG_FILES.databasePassword})"`,
    `PGOPTIONS='-c client_min_messages=error -c statement_timeout=${STATEMENT_SECONDS}s'`,
    `${PSQL} -h ${DATABASE_HOST} -U ${shellWord(user)} -d ${shellWord(database)}`,
    `-1 -v VERBOSITY=verbose -v SHOW_CONTEXT=never -f /run/${SQL_FILE}`,
  ].join(' ');

const asApp = (url: Secret) => {
  const { hostname, port, username, pathname } = new URL(url.reveal());
  const place = `-h ${hostname} -p ${port} -U ${username} -d ${shellWord(pathname.slice(1))}`;
  return `PGPASSFILE=/run/${PASSWORD_FILE} ${PSQL} ${place} -c 'select 1'`;
};

const passwordLine = (url: Secret) => `*:*:*:*:${new URL(url.reveal()).password}\n`;

async function archiveOf(name: string, content: string): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name, mode: 0o600, uid: 0, gid: 0 }, content);
  archive.finalize();
  return buffer(archive);
}

function unlessGone(error: unknown) {
  const status = statusOf(error);
  if (status !== 404 && status !== 409) throw error;
}
