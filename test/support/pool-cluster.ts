import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { ensurePool, type PoolProps } from '../../apps/pool/ensure-pool.js';
import { fillVolume } from '../../cluster/configuration/fill-volume.js';
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

  /** @param args of PostgreSQL */
  static async start(args: readonly string[] = []): Promise<PoolCluster> {
    const objects = new TestObjects();
    const { name } = objects;
    const project = objects.labels['dev.clusterkit.project'];
    const password = randomBytes(12).toString('base64url');
    await Promise.all([objects.network(), objects.volume('config')]);
    const place = {
      cluster: name,
      project,
      volume: objects.nameOf('config'),
      image: IMAGES.database,
    };
    await fillVolume(engine, place, { 'database-password': new Secret(password) });
    const network = objects.nameOf('network');
    const { environment } = DATABASES.postgres;
    const container = await objects.container('database', {
      Env: Object.entries(environment).map(([key, value]) => `${key}=${value}`),
      Cmd: ['postgres', ...args],
      HostConfig: {
        NetworkMode: network,
        Init: true,
        Mounts: [
          { Type: 'volume', Source: place.volume, Target: CONFIG_DIRECTORY, ReadOnly: true },
        ],
      },
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: ['database'] } } },
    });
    await container.start();
    const props: PoolProps = {
      ...{
        cluster: name,
        project,
        identity: 'an-identity',
        keyDirectory: await temporaryDirectory(),
      },
      database: { user: 'prisma', database: 'prisma', isRelayed: false },
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

  /** Runs a query as the server does, which is a superuser. */
  async query<Row>(sql: string): Promise<Row[]> {
    const client = new pg.Client({
      ...{ host: await this.addressOf('database'), user: 'prisma', database: 'prisma' },
      password: this.password,
    });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query(sql)).rows as Row[];
    } finally {
      await client.end();
    }
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
