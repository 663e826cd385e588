import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import pg from 'pg';
import { pack } from 'tar-stream';
import type { DatabaseLogin } from '../../clients/database/database-login.js';
import type { Connector } from '../../cluster/databases.js';
import { retryUntil } from '../../lib/retry-until.js';
import { Secret } from '../../lib/secret.js';
import { TestAuthority } from './certificates.js';
import { engine } from './engine-traces.js';
import { freePort } from './free-port.js';
import { IMAGES } from './test-cluster.js';

/** What a test may want different. */
export interface ExternalDatabaseProps {
  /** @default true */
  readonly tls?: boolean;
  /** Address of this machine. @default - that of the engine's own bridge */
  readonly host?: string;
  /** Names in its certificate beside that address. @default - none */
  readonly names?: readonly string[];
  /** Further arguments of the database. @default - none */
  readonly args?: readonly string[];
}

const ADMIN = { postgres: 'owner', mysql: 'root' };
const START_MS = 120_000;

/**
 * A database that is no part of any cluster: on the address of the engine's own bridge, where
 * containers of every network and this machine reach it. Its certificate is for that address alone,
 * though it listens on loopback too.
 */
export class ExternalDatabase {
  readonly user = 'app_user';
  readonly database = 'app_data';

  private constructor(
    readonly connector: Connector,
    readonly host: string,
    readonly port: number,
    readonly password: string,
    readonly authority: TestAuthority,
    private readonly container: string,
    private readonly tls: boolean,
  ) {}

  /** Starts one with a user and a database of that user; `dispose` ends it. */
  static async start(connector: Connector, props: ExternalDatabaseProps = {}) {
    const { tls = true, args = [], names = [] } = props;
    const authority = await TestAuthority.create();
    const host = props.host ?? (await bridgeAddress());
    const port = await freePort();
    const password = randomBytes(12).toString('base64url');
    const { certificate, key } = await authority.issue([host, ...names]);
    const name = `ck-test-external-${randomBytes(4).toString('hex')}`;
    const container = await engine.createContainer({
      name,
      Image: connector === 'postgres' ? IMAGES.database : IMAGES.mysql,
      ...command(connector, { host, port, tls, args }),
      Env: [
        `POSTGRES_USER=owner`,
        `POSTGRES_PASSWORD=${password}`,
        `MYSQL_ROOT_PASSWORD=${password}`,
      ],
      Healthcheck: { Test: ['NONE'] },
      HostConfig: { NetworkMode: 'host', Init: true, ShmSize: 128 * 1024 * 1024 },
    });
    const database = new ExternalDatabase(
      ...([connector, host, port, password, authority, name, tls] as const),
    );
    try {
      const files = pack();
      files.entry({ name: 'tls/certificate.pem' }, certificate);
      files.entry({ name: 'tls/key.pem' }, key);
      files.finalize();
      await container.putArchive(Readable.from(files), { path: '/' });
      await container.start();
      await retryUntil(() => database.makeUser(), { timeoutMs: START_MS });
    } catch (error) {
      await database.dispose();
      throw error;
    }
    return database;
  }

  /** The login of the user; anything may be different. */
  login(different: Partial<DatabaseLogin> = {}): DatabaseLogin {
    const { connector, host, port, user, database, tls, authority } = this;
    return {
      ...{ connector, host, port, user, database, password: new Secret(this.password) },
      ...(tls ? { ssl: 'verify-full', ca: authority.certificate } : { ssl: 'disable' }),
      ...different,
    };
  }

  /** Rows of a query by the database's owner. @param database to be in; on mysql none */
  async query<Row>(sql: string, database = this.database): Promise<Row[]> {
    const { connector, host, port, password, authority } = this;
    const login = { host, port, user: ADMIN[connector], password };
    const ssl = this.tls ? { ca: authority.certificate } : undefined;
    if (connector === 'mysql') {
      const connection = await createConnection({
        ...login,
        ...(ssl && { ssl }),
        multipleStatements: true,
      });
      try {
        const [rows] = await connection.query<RowDataPacket[]>(sql);
        return rows as Row[];
      } finally {
        connection.destroy();
      }
    }
    const client = new pg.Client({ ...login, database, ssl: ssl ?? false });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query(sql)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  /** It is gone, without a word. */
  kill = () => engine.getContainer(this.container).kill();

  dispose = async () => {
    await engine
      .getContainer(this.container)
      .remove({ force: true, v: true })
      .catch(() => undefined);
  };

  private async makeUser(): Promise<void> {
    const { user, password, database } = this;
    if (this.connector === 'mysql') {
      await this.query(`create user if not exists '${user}'@'%' identified by '${password}';
        grant all on *.* to '${user}'@'%'`);
      return;
    }
    await this.query('select 1', 'owner');
    await this.query(`create role ${user} login password '${password}'`, 'owner');
    await this.query(`create database ${database} owner ${user}`, 'owner');
  }
}

interface CommandProps extends Required<Pick<ExternalDatabaseProps, 'tls' | 'args'>> {
  readonly host: string;
  readonly port: number;
}

function command(connector: Connector, { host, port, tls, args }: CommandProps) {
  const own = connector === 'postgres' ? 'postgres' : 'mysql';
  const options =
    connector === 'postgres'
      ? [
          ...['postgres', '-c', `port=${port}`, '-c', `listen_addresses=${host},127.0.0.1`],
          ...['-c', 'unix_socket_directories=/tmp', '-c', 'max_connections=200'],
          ...(tls
            ? '-c ssl=on -c ssl_cert_file=/tls/certificate.pem -c ssl_key_file=/tls/key.pem'.split(
                ' ',
              )
            : []),
        ]
      : [
          ...['mysqld', `--port=${port}`, `--bind-address=${host},127.0.0.1`],
          '--max-connections=200',
          ...(tls
            ? '--ssl-cert=/tls/certificate.pem --ssl-key=/tls/key.pem'.split(' ')
            : ['--skip-ssl']),
        ];
  return {
    Entrypoint: [
      ...['/bin/sh', '-c'],
      `chown -R ${own}: /tls && chmod 600 /tls/key.pem && exec entrypoint.sh "$@"`,
      'sh',
    ],
    Cmd: [...options, ...args],
  };
}

/** Address of the engine's own bridge, which containers and this machine reach. */
export async function bridgeAddress(): Promise<string> {
  const { IPAM } = await engine.getNetwork('bridge').inspect();
  const address = (IPAM?.Config as { Gateway?: string }[] | undefined)?.[0]?.Gateway;
  return address ?? '172.17.0.1';
}
