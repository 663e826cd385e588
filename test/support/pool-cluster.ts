import { randomBytes, randomUUID } from 'node:crypto';
import type Docker from 'dockerode';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { ensurePool, type PoolProps } from '../../apps/pool/ensure-pool.js';
import { askConsole } from '../../apps/pool/pool-console.js';
import type { DatabaseLogin } from '../../clients/database/database-login.js';
import { runInContainer } from '../../clients/docker/run-in-container.js';
import { BUNDLED_GATEWAY, BUNDLED_POOL } from '../../cluster/bundled-images.js';
import { fillVolume } from '../../cluster/configuration/fill-volume.js';
import { relayCommand } from '../../cluster/configuration/relay-container.js';
import { renderRelay } from '../../cluster/configuration/render-relay.js';
import { DATABASES } from '../../cluster/databases.js';
import { CONFIG_DIRECTORY } from '../../cluster/names.js';
import { retryUntil } from '../../lib/retry-until.js';
import { Secret } from '../../lib/secret.js';
import { engine } from './engine-traces.js';
import { temporaryDirectory } from './temporary-directory.js';
import { TestObjects } from './test-containers.js';
import { IMAGES } from './test-project.js';

const START_MS = 60_000;

/** The schemas of two deployed services, and the server's own, as a server makes them. */
const SERVICES = ['blog$dev', 'shop$dev']
  .map(
    (schema) => `create schema "${schema}";
      create table "${schema}"."Post" (id serial primary key, title text);
      insert into "${schema}"."Post" (title) values ('of ${schema}');`,
  )
  .concat(
    'create schema management; create table management.project (id text, secrets text);',
    "insert into management.project values ('blog', 'the secret');",
  );

/**
 * Network, configuration volume and database of a cluster, with two deployed services, and an application that uses
 * the first. Everything goes when the test ends.
 */
export class PoolCluster {
  private constructor(
    readonly objects: TestObjects,
    readonly props: PoolProps,
    readonly password: string,
  ) {}

  /** With a database of its own. @param args of PostgreSQL */
  static async start(args: readonly string[] = []): Promise<PoolCluster> {
    const password = randomBytes(12).toString('base64url');
    const database = { user: 'prisma', database: 'prisma', isRelayed: false };
    const { environment } = DATABASES.postgres;
    return PoolCluster.around(
      database,
      password,
      {},
      {
        Env: Object.entries(environment).map(([key, value]) => `${key}=${value}`),
        Cmd: ['postgres', ...args],
      },
    );
  }

  /** With a relay to a database that others run. */
  static async relayed(login: DatabaseLogin): Promise<PoolCluster> {
    const { user, database, password } = login;
    const files = { 'relay.yml': renderRelay(login) };
    return PoolCluster.around({ user, database, isRelayed: true }, password.reveal(), files, {
      Image: BUNDLED_GATEWAY,
      Cmd: [...relayCommand([])],
    });
  }

  private static async around(
    database: PoolProps['database'],
    password: string,
    files: Readonly<Record<string, Secret>>,
    options: Docker.ContainerCreateOptions,
  ): Promise<PoolCluster> {
    const objects = new TestObjects();
    const { name } = objects;
    const project = objects.labels['dev.clusterkit.project'];
    await Promise.all([objects.network(), objects.volume('config')]);
    const volume = objects.nameOf('config');
    const place = { cluster: name, project, volume, image: IMAGES.database };
    await fillVolume(engine, place, { ...files, 'database-password': new Secret(password) });
    const network = objects.nameOf('network');
    const container = await objects.container('database', {
      ...options,
      Healthcheck: { Test: ['NONE'] },
      HostConfig: {
        NetworkMode: network,
        Init: true,
        Mounts: [{ Type: 'volume', Source: volume, Target: CONFIG_DIRECTORY, ReadOnly: true }],
      },
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: ['database'] } } },
    });
    await container.start();
    const props: PoolProps = {
      ...{ cluster: name, project, identity: randomUUID(), database },
      keyDirectory: await temporaryDirectory(),
      apps: [{ app: 'web', schema: 'blog$dev', connections: 3 }],
      settings: { server: { image: IMAGES.server, version: '1.8' }, database: {} },
    };
    const cluster = new PoolCluster(objects, props, password);
    await retryUntil(() => cluster.query('select 1'), { timeoutMs: START_MS });
    await cluster.query(SERVICES.join('\n'));
    return cluster;
  }

  ensure = (different: Partial<PoolProps> = {}) =>
    ensurePool(engine, { ...this.props, ...different });

  container = (role: string) => engine.getContainer(this.objects.nameOf(role));

  /** Address of one of its containers, which the machine of the engine reaches. */
  async addressOf(role: string): Promise<string> {
    const { NetworkSettings } = await this.container(role).inspect();
    const address = NetworkSettings.Networks[this.objects.nameOf('network')]?.IPAddress;
    if (!address) throw new Error(`the container ${role} has no address`);
    return address;
  }

  /** Runs a query as the server does; in a database of its own that is a superuser. */
  async query<Row>(sql: string): Promise<Row[]> {
    const client = await this.ofServer();
    try {
      return (await client.query(sql)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  /** A connection as the server has it, which ends with the test. */
  async ofServer(): Promise<pg.Client> {
    const { user, database } = this.props.database;
    const host = await this.addressOf('database');
    const client = new pg.Client({ host, user, database, password: this.password });
    client.on('error', () => {});
    await client.connect();
    onTestFinished(() => client.end().catch(() => {}));
    return client;
  }

  /** A client in a container of its own, which can be frozen; `ask` tells its connection and its process in the pool. */
  async frozenClient(url: Secret | undefined) {
    const { username, password, pathname } = new URL(url?.reveal() ?? '');
    const network = this.objects.nameOf('network');
    // psql reads commands from a pipe, and so keeps its connection between them.
    const container = await this.objects.container('app', {
      Image: BUNDLED_POOL,
      User: '0',
      Env: [`PGPASSWORD=${password}`],
      Entrypoint: [
        ...['sh', '-c'],
        `mkfifo /tmp/in && (while :; do sleep 60; done >/tmp/in & psql --no-psqlrc -qtA -h pool -U ${username} -d ${pathname.slice(1)} </tmp/in >>/tmp/out 2>&1)`,
      ],
      HostConfig: { NetworkMode: network, Init: true },
      Healthcheck: { Test: ['NONE'] },
    });
    await container.start();
    const ask = async () => {
      const sql = `select (select title from "Post" order by id limit 1)`;
      const line = `: >/tmp/out; echo '${sql};' >/tmp/in; for i in $(seq 100); do [ -s /tmp/out ] && break; sleep 0.1; done; cat /tmp/out`;
      const { output } = await runInContainer(container, ['sh', '-c', line]);
      const clients = await askConsole(this.container('pool'), 'show clients');
      return { output, since: clients.find(({ user }) => user === username)?.connect_time };
    };
    return { container, ask };
  }

  /** A client of the pool that logs in with a `DATABASE_URL`; ends with the test. */
  async client(url: Secret | undefined, options: pg.ClientConfig = {}): Promise<pg.Client> {
    const address = new URL(url?.reveal() ?? '');
    const { username, password, pathname, port } = address;
    const client = new pg.Client({
      ...{ user: username, password, database: pathname.slice(1), port: Number(port) },
      host: await this.addressOf(address.hostname),
      ...options,
    });
    client.on('error', () => {});
    await client.connect();
    onTestFinished(() => client.end().catch(() => {}));
    return client;
  }
}
