import { describe, expect, test } from 'vitest';
import type { ClusterEntry } from '../../../../cluster/settings/entry.js';
import { parseClusters } from '../../../../targets/clusters-file/read.js';
import { selectCluster, supportedClusters } from '../../../../targets/clusters-file/select.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

const entry = (custom: Partial<ClusterEntry> = {}): ClusterEntry => ({
  target: 'docker',
  port: 4466,
  server: { image: 'prismagraphql/prisma:1.8' },
  database: { connector: 'postgres', image: 'postgres:10' },
  ...custom,
});
/** As the schema fills it in. */
const dropletEntry = (
  custom: Partial<ClusterEntry> & Record<string, unknown> = {},
): ClusterEntry => {
  const { target: _, ...common } = entry();
  const text = JSON.stringify({
    clusters: { one: { ...common, target: 'digitalocean', ...custom } },
  });
  return parseClusters(text, 'clusters.yml').one as ClusterEntry;
};
const failureOf = (custom: Partial<ClusterEntry>) =>
  kitErrorOf(() => selectCluster({ one: entry(custom) }, 'one'));

describe('selectCluster', () => {
  test('defaults: the image tag names the version', () => {
    expect(selectCluster({ one: entry() }, 'one')).toEqual({
      name: 'one',
      target: 'docker',
      address: '127.0.0.1',
      bind: '127.0.0.1',
      port: 4466,
      server: { image: 'prismagraphql/prisma:1.8', version: '1.8', auth: 'rsa' },
      database: { connector: 'postgres', image: 'postgres:10' },
    });
  });

  test('custom: a version that is written wins over the tag', () => {
    const server = {
      image: 'clusterkit/dev-server:0.1.0',
      version: '1.14.2',
      auth: 'secret',
    } as const;
    expect(selectCluster({ one: entry({ server }) }, 'one').server).toEqual(server);
  });

  test.each(['1.8', '1.8.3', '1.8-beta', '1.26', '1.26.9'])('custom: server %s', (version) => {
    const server = { image: 'own', version };
    expect(selectCluster({ one: entry({ server }) }, 'one').server.version).toBe(version);
  });

  test('fails at an unknown name, with the one that was meant', async () => {
    const error = await kitErrorOf(() => selectCluster({ local: entry(), b: entry() }, 'loacl'));
    expect(error).toMatchObject({
      code: 'cluster-unknown',
      exitCode: 2,
      problems: [
        {
          message: "there is no cluster 'loacl'",
          hint: "Did you mean 'local'? Known: local, b.",
        },
      ],
    });
  });

  test('fails at an unknown name that is near nothing', async () => {
    const error = await kitErrorOf(() => selectCluster({ local: entry() }, 'production'));
    expect(error.problems[0]?.hint).toBe('Known: local.');
    const empty = await kitErrorOf(() => selectCluster({}, 'production'));
    expect(empty.problems[0]?.hint).toBe('The file has no clusters.');
  });

  test.each(['constructor', 'toString', '__proto__'])(
    'fails at the name %s, which every object has',
    async (name) => {
      const error = await kitErrorOf(() => selectCluster({ local: entry() }, name));
      expect(error.code).toBe('cluster-unknown');
    },
  );

  test.each([
    ['1.6.3', 'rsa'],
    ['1.7', 'rsa'],
    ['1.26.6', 'rsa'],
    ['1.27', 'secret'],
    ['1.34.12', 'secret'],
  ])('defaults: server %s checks tokens by %s', (version, auth) => {
    const custom = {
      server: { image: `prismagraphql/prisma:${version}` },
      database: { connector: 'mysql', image: 'mysql:5.7' },
    } as const;
    expect(selectCluster({ one: entry(custom) }, 'one')).toEqual({
      name: 'one',
      target: 'docker',
      address: '127.0.0.1',
      bind: '127.0.0.1',
      port: 4466,
      server: { ...custom.server, version, auth },
      database: custom.database,
    });
  });

  test.each([
    'prismagraphql/prisma:latest',
    'prismagraphql/prisma',
    'prismagraphql/prisma@sha256:0123',
    'localhost:5000/prisma',
  ])('fails when neither tag nor version tells: %s', async (image) => {
    const error = await failureOf({ server: { image } });
    expect(error.problems).toEqual([
      {
        path: 'clusters.one.server.version',
        message: `is missing, and the tag of '${image}' does not contain it`,
        hint: 'Write the server version in quotes, such as version: "1.8".',
      },
    ]);
  });

  test('fails with all that does not fit at once', async () => {
    const one = dropletEntry({
      server: { image: 'prismagraphql/prisma:1.34', auth: 'rsa' },
      database: { connector: 'mysql', image: 'postgres:10' },
    });
    const error = await kitErrorOf(() => selectCluster({ one }, 'one'));
    expect(error.problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'clusters.one.server.auth: server 1.34 ignores a public key, and would accept all requests',
      "clusters.one.database.image: 'postgres:10' is not a database for connector mysql",
    ]);
  });
});

test('supportedClusters leaves out what cannot be made', () => {
  const unclear = entry({ server: { image: 'prismagraphql/prisma:latest' } });
  const clusters = { one: entry(), two: dropletEntry(), three: unclear };
  expect(supportedClusters(clusters).map(({ name }) => name)).toEqual(['one', 'two']);
});

describe('selectCluster, on a droplet', () => {
  test('defaults of a droplet: everybody else stays out, data on a volume, images pulled', () => {
    expect(selectCluster({ one: dropletEntry() }, 'one')).toEqual({
      name: 'one',
      target: 'digitalocean',
      port: 4466,
      server: { image: 'prismagraphql/prisma:1.8', version: '1.8', auth: 'rsa' },
      database: { connector: 'postgres', image: 'postgres:10' },
      region: 'fra1',
      size: 's-1vcpu-2gb',
      image: 'ubuntu-24-04-x64',
      volume: { sizeGb: 10 },
      reservedIp: false,
      tags: [],
      backups: false,
      monitoring: false,
      images: { server: 'pull', database: 'pull' },
    });
  });

  test('defaults of a droplet: the bundled images are pushed, each on its own', () => {
    const server = { image: 'clusterkit/dev-server:0.1.0', version: '1.8' };
    const settings = selectCluster({ one: dropletEntry({ server }) }, 'one');
    expect(settings).toMatchObject({ images: { server: 'push', database: 'pull' } });
  });

  test('custom droplet: every key', () => {
    const custom = {
      region: 'nyc3',
      size: 'c-2',
      image: '123456789',
      port: 80,
      ssh: { sources: ['203.0.113.7'] },
      management: { sources: ['0.0.0.0/0', '::/0'] },
      volume: false,
      reservedIp: true,
      project: 'Our project',
      tags: ['team:blue'],
      backups: true,
      monitoring: true,
      vpc: '5a4981aa-9653-4bd1-bef5-d6bff52042e4',
    } as const;
    const given = dropletEntry({ ...custom, images: 'push' });
    expect(selectCluster({ one: given }, 'one')).toMatchObject({
      ...custom,
      images: { server: 'push', database: 'push' },
    });
  });

  test('fails as for a local cluster', async () => {
    const one = dropletEntry({ server: { image: 'prismagraphql/prisma:latest' } });
    const error = await kitErrorOf(() => selectCluster({ one }, 'one'));
    expect(error.problems.map(({ path }) => path)).toEqual(['clusters.one.server.version']);
    const unknown = await kitErrorOf(() => selectCluster({ one }, 'two'));
    expect(unknown.code).toBe('cluster-unknown');
  });
});
