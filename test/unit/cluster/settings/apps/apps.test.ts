import { describe, expect, it } from 'vitest';
import { appProblems } from '../../../../../cluster/settings/apps/app-problems.js';
import { appsPart } from '../../../../../cluster/settings/apps/apps-part.js';
import { type AppEntry, apps } from '../../../../../cluster/settings/apps/schema.js';
import type { ClusterEntry } from '../../../../../cluster/settings/entry.js';

const CLUSTER = {
  target: 'docker',
  server: { image: 'clusterkit/dev-server:0.1.0', version: '1.8' },
  database: { connector: 'postgres', image: 'clusterkit/postgres:15' },
} as ClusterEntry;

const problemsOf = (entries: Record<string, AppEntry>, cluster: Partial<ClusterEntry> = {}) =>
  appProblems('clusters.local', { ...CLUSTER, ...cluster, apps: entries }).map(
    ({ path, message }) => `${path} ${message}`,
  );

describe('the applications of a cluster', () => {
  it('have defaults', () => {
    const entries = apps.parse({
      web: { image: 'web:1', port: 3000 },
      hi: { function: './hi', port: 3001 },
    });
    expect(appsPart(entries)).toEqual([
      {
        ...{ name: 'hi', kind: 'function', instances: 2, port: 8080, published: 3001 },
        ...{ source: { kind: 'function', path: './hi' }, domains: [], env: {}, secrets: [] },
        ...{ memoryMb: 256, drainMs: 30_000, timeoutMs: 60_000 },
        function: { idleMs: 30_000, stopMs: 900_000, concurrency: 10 },
      },
      {
        ...{ name: 'web', kind: 'app', instances: 1, port: 3000, published: 3000 },
        ...{ source: { kind: 'image', image: 'web:1' }, domains: [], env: {}, secrets: [] },
        ...{ memoryMb: 256, drainMs: 30_000, timeoutMs: 60_000 },
      },
    ]);
  });

  it('have all settings', () => {
    const entries = apps.parse({
      web: {
        ...{ build: './web', port: '8080:3000', health: '/healthz', instances: 3, memory: '1g' },
        ...{ command: 'node main.js', release: ['npx', 'prisma', 'deploy'], drain: '1m' },
        env: { LEVEL: 3, DEBUG: true },
        secrets: ['KEY', { name: 'CERT', file: './cert.pem' }, { name: 'A', env: 'B' }],
        ...{ service: 'blog/dev', database: 'direct', connections: 4, timeout: '5s' },
      },
    });
    expect(appsPart(entries)).toEqual([
      {
        ...{ name: 'web', kind: 'app', instances: 3, port: 3000, published: 8080, domains: [] },
        ...{ source: { kind: 'build', directory: './web' }, health: '/healthz' },
        ...{ command: ['sh', '-c', 'node main.js'], release: ['npx', 'prisma', 'deploy'] },
        env: { LEVEL: '3', DEBUG: 'true' },
        secrets: [
          { name: 'KEY', from: { env: 'KEY' } },
          { name: 'CERT', from: { file: './cert.pem' } },
          { name: 'A', from: { env: 'B' } },
        ],
        ...{ service: { name: 'blog', stage: 'dev' }, database: { connections: 4 } },
        ...{ memoryMb: 1024, drainMs: 60_000, timeoutMs: 5000 },
      },
    ]);
  });

  it.each<[string, AppEntry, Partial<{ port: number; published: number }>]>([
    ['a port', { image: 'i', port: 80 }, { port: 80, published: 80 }],
    ['a domain', { image: 'i', domain: 'a.example.com' }, { port: 8080 }],
    ['a domain and a port', { image: 'i', domain: 'a.example.com', port: 80 }, { port: 80 }],
    ['neither', { image: 'i' }, {}],
    ['a function with a domain', { function: 'f', domain: 'a.example.com' }, { port: 8080 }],
    ['an image as function', { image: 'i', idle: '1s', port: 90 }, { port: 8080, published: 90 }],
  ])('listen: %s', (_, entry, ports) => {
    const [app] = appsPart({ app: entry });
    expect({ port: app?.port, published: app?.published }).toEqual({
      port: undefined,
      published: undefined,
      ...ports,
    });
  });

  it.each<[string, Record<string, AppEntry>, string[]]>([
    ['no source', { a: { port: 1 } }, ['apps.a has no image, build or function']],
    ['two sources', { a: { image: 'i', build: '.' } }, ['apps.a has image and build']],
    [
      'an unreachable function',
      { a: { function: '.' } },
      ['apps.a is a function that no request can reach'],
    ],
    [
      'health without port',
      { a: { image: 'i', health: '/' } },
      ['apps.a.health is set, but the application has no port'],
    ],
    [
      'stop before idle',
      { a: { function: '.', port: 1, idle: '1m', stop: '1s' } },
      ['apps.a.stop is 1s, which is before idle (1m)'],
    ],
    [
      'connections for nothing',
      { a: { image: 'i', connections: 3 } },
      ['apps.a.connections is set, but the application does not use the database'],
    ],
    [
      'direct without service',
      { a: { image: 'i', database: 'direct' } },
      ['apps.a.service is missing: direct access is limited to the data of one service'],
    ],
    [
      'a variable of the kit',
      { a: { image: 'i', port: 1, env: { PORT: '1' } } },
      ['apps.a.env.PORT is set by clusterkit'],
    ],
    [
      'a variable twice',
      { a: { image: 'i', env: { A: '1' }, secrets: ['A'] } },
      ['apps.a.secrets.A is set twice, in env or secrets'],
    ],
    [
      "the server's port",
      { a: { image: 'i', port: 4466 } },
      ['apps.a.port is 4466, which the server has'],
    ],
    [
      'one port twice',
      { a: { image: 'i', port: 1 }, b: { image: 'i', port: 1 } },
      ['apps.b.port is 1, which apps.a has'],
    ],
    [
      'a domain without certificates',
      { a: { image: 'i', domain: 'a.example.com' } },
      ['apps.a.domain is a.example.com, but the cluster has no domain, and so no certificates'],
    ],
  ])('refuse %s', (_, entries, problems) => {
    expect(problemsOf(entries)).toEqual(problems.map((each) => `clusters.local.${each}`));
  });

  it('refuse direct access to MySQL', () => {
    const database = { connector: 'mysql', image: 'clusterkit/mysql:10.11' } as const;
    const entries = { a: { image: 'i', database: 'direct', service: 'blog/dev' } } as const;
    expect(problemsOf(entries, { database })).toEqual([
      'clusters.local.apps.a.database is direct, but the cluster has MySQL: the pool (PgBouncer) is for PostgreSQL',
    ]);
  });

  it.each<[string, unknown]>([
    ['name', { 'No Name': { image: 'i' } }],
    ['port', { a: { image: 'i', port: 70_000 } }],
    ['health', { a: { image: 'i', health: 'healthz' } }],
    ['time', { a: { image: 'i', drain: '2 weeks' } }],
    ['service', { a: { image: 'i', service: 'blog' } }],
    ['key', { a: { image: 'i', replicas: 3 } }],
  ])('refuse a wrong %s', (_, entries) => {
    expect(apps.safeParse(entries).success).toBe(false);
  });
});
