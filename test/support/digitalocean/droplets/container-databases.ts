import type Docker from 'dockerode';
import { retryUntil } from '../../../../lib/retry-until.js';
import type { DatabaseEngine } from '../api/catalog/databases.js';
import type { DatabaseAddress, DatabaseRuntime, DatabaseSpec } from '../api/database-runtime.js';
import { type GuestFile, putFiles } from './guest-file.js';
import { unless } from './machine.js';
import { run } from './run.js';
import { Numbers, type Subnet } from './subnet.js';
import { trustRuleset } from './trust-ruleset.js';

/** As the real ones have it. */
const PORT = 25_060;
const START_MS = 60_000;

/** Where databases get their place. */
export interface DatabasesPlace {
  readonly docker: Docker;
  readonly run: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly subnet: Subnet;
  /** With `nft`: of the container that has address and firewall. */
  readonly image: string;
}

/** The two containers of a database: one has address and firewall, the other the server. */
interface Containers {
  readonly ground: Docker.Container;
  readonly server: Docker.Container;
  readonly engine: DatabaseEngine;
  readonly number: number;
}

/**
 * Managed databases that are containers: PostgreSQL and MariaDB, with TLS only, a certificate for their
 * address, and a firewall in a network namespace that stands before the server starts in it.
 */
export class ContainerDatabases implements DatabaseRuntime {
  private readonly all = new Map<string, Containers>();
  private readonly numbers = new Numbers(3, 9);
  private birth: Promise<unknown> = Promise.resolve();

  constructor(private readonly place: DatabasesPlace) {}

  create(spec: DatabaseSpec): Promise<DatabaseAddress> {
    const birth = this.bear(spec);
    this.birth = Promise.allSettled([this.birth, birth]);
    return birth;
  }

  private async bear(spec: DatabaseSpec): Promise<DatabaseAddress> {
    const { docker, run: name, labels, subnet, image } = this.place;
    const number = this.numbers.take();
    const host = subnet.address(number);
    const ground = await docker.createContainer({
      name: `${name}-database-${number}-ground`,
      Image: image,
      Labels: { ...labels },
      Cmd: ['sleep', 'infinity'],
      StopSignal: 'SIGKILL',
      HostConfig: { Init: true, CapAdd: ['NET_ADMIN'], NetworkMode: `${name}-network` },
      NetworkingConfig: {
        EndpointsConfig: { [`${name}-network`]: { IPAMConfig: { IPv4Address: host } } },
      },
    });
    await ground.start();
    await enforce(ground, spec.sources);
    const server = await docker.createContainer({
      name: `${name}-database-${number}`,
      Labels: { ...labels },
      ...SERVERS[spec.engine].options,
      HostConfig: { Init: true, NetworkMode: `container:${ground.id}`, ShmSize: 128 * 1024 * 1024 },
      Healthcheck: { Test: ['NONE'] },
    });
    this.all.set(spec.id, { ground, server, engine: spec.engine, number });
    const { certificate, key } = await spec.issue([host]);
    await putFiles(server, [
      { path: '/tls/certificate.pem', text: certificate },
      { path: '/tls/key.pem', text: key, mode: 0o600 },
      { path: '/tls/password', text: spec.password, mode: 0o600 },
      SERVERS[spec.engine].atFirst(spec.password),
    ]);
    await server.start();
    await retryUntil(() => run(server, SERVERS[spec.engine].ask('select 1')), {
      timeoutMs: START_MS,
    });
    return { host, port: PORT };
  }

  async destroy(id: string): Promise<void> {
    const found = this.all.get(id);
    if (found === undefined) return;
    this.all.delete(id);
    for (const each of [found.server, found.ground]) {
      await each.remove({ force: true, v: true }).catch(unless(404, 409));
    }
    this.numbers.free(found.number);
  }

  trust(id: string, sources: readonly string[] | undefined): Promise<void> {
    return enforce(this.of(id).ground, sources);
  }

  async createDb(id: string, name: string): Promise<void> {
    const { server, engine } = this.of(id);
    const quoted = engine === 'pg' ? `"${name}"` : `\`${name}\``;
    await run(server, SERVERS[engine].ask(`create database ${quoted}`));
  }

  /** What the server answers its administrator. @param database to be in */
  query(id: string, sql: string, database = 'prisma'): Promise<string> {
    const { server, engine } = this.of(id);
    return run(server, SERVERS[engine].ask(sql, database));
  }

  /** Until none is being made. */
  idle = (): Promise<unknown> => this.birth;

  private of(id: string): Containers {
    const found = this.all.get(id);
    if (found === undefined) throw new Error(`there is no database ${id}`);
    return found;
  }
}

async function enforce(ground: Docker.Container, sources: readonly string[] | undefined) {
  await putFiles(ground, [{ path: '/trust.nft', text: trustRuleset(sources) }]);
  await run(ground, ['nft', '-f', '/trust.nft']);
}

interface ServerKind {
  readonly options: Pick<Docker.ContainerCreateOptions, 'Image' | 'Entrypoint' | 'Cmd' | 'Env'>;
  /** Runs at the first start. */
  readonly atFirst: (password: string) => GuestFile;
  /** Asks past the network. */
  readonly ask: (sql: string, database?: string) => string[];
}

const entry = (user: string) => [
  ...['/bin/sh', '-c'],
  `chown -R ${user}: /tls && exec entrypoint.sh "$@"`,
  'sh',
];
const ATTRIBUTES = ['certificate', 'key'] as const;
const FIRST = '/docker-entrypoint-initdb.d';

const SERVERS: Readonly<Record<DatabaseEngine, ServerKind>> = {
  pg: {
    options: {
      Image: 'clusterkit/postgres:15',
      Entrypoint: entry('postgres'),
      Cmd: [
        ...['postgres', '-c', `port=${PORT}`, '-c', 'unix_socket_directories=/tmp', '-c', 'ssl=on'],
        ...ATTRIBUTES.flatMap((what) => [
          '-c',
          `ssl_${what === 'key' ? 'key' : 'cert'}_file=/tls/${what}.pem`,
        ]),
      ],
      Env: [
        'POSTGRES_USER=doadmin',
        'POSTGRES_DB=defaultdb',
        'POSTGRES_PASSWORD_FILE=/tls/password',
      ],
    },
    atFirst: () => ({
      path: `${FIRST}/tls.sh`,
      text: 'sed -i "s/^host all all all /hostssl all all all /" "$PGDATA/pg_hba.conf"\n',
      mode: 0o755,
    }),
    ask: (sql, database = 'defaultdb') => [
      ...['psql', '-h', '/tmp', '-p', String(PORT), '-U', 'doadmin', '-d', database],
      ...['-qtA', '-v', 'ON_ERROR_STOP=1', '-c', sql],
    ],
  },
  mysql: {
    options: {
      Image: 'clusterkit/mysql:10.11',
      Entrypoint: entry('mysql'),
      Cmd: [
        ...['mysqld', `--port=${PORT}`, '--require-secure-transport=ON'],
        ...ATTRIBUTES.map((what) => `--ssl-${what === 'key' ? 'key' : 'cert'}=/tls/${what}.pem`),
      ],
      Env: ['MYSQL_ROOT_PASSWORD_FILE=/tls/password', 'MYSQL_DATABASE=defaultdb'],
    },
    atFirst: (password) => ({
      path: `${FIRST}/doadmin.sql`,
      text: `create user doadmin@'%' identified by '${password}';\ngrant all on *.* to doadmin@'%' with grant option;\n`,
    }),
    ask: (sql, database = 'defaultdb') => [
      ...[
        'sh',
        '-ec',
        'MYSQL_PWD="$(cat /tls/password)" mysql -h 127.0.0.1 -P "$1" -u doadmin --ssl -N -B -D "$2" -e "$3"',
      ],
      ...['sh', String(PORT), database, sql],
    ],
  },
};
