import { describe, expect, test } from 'vitest';
import type { ClusterEntry } from '../../../lib/settings/cluster-settings.js';
import { selectCluster, supportedClusters } from '../../../lib/settings/select-cluster.js';
import { kitErrorOf } from '../../support/kit-error-of.js';

const entry = (custom: Partial<ClusterEntry> = {}): ClusterEntry => ({
  target: 'docker',
  port: 4466,
  server: { image: 'prismagraphql/prisma:1.8' },
  database: { connector: 'postgres', image: 'postgres:10' },
  ...custom,
});
const failureOf = (custom: Partial<ClusterEntry>) =>
  kitErrorOf(() => selectCluster({ one: entry(custom) }, 'one'));

describe('selectCluster', () => {
  test('defaults: the image tag tells the version', () => {
    expect(selectCluster({ one: entry() }, 'one')).toEqual({
      name: 'one',
      target: 'docker',
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
    expect(empty.problems[0]?.hint).toBe('The file names no clusters.');
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
        message: `is missing, and the tag of '${image}' does not tell it`,
        hint: 'Write the server version in quotes, such as version: "1.8".',
      },
    ]);
  });

  test('fails with all that does not fit at once', async () => {
    const error = await failureOf({
      target: 'digitalocean',
      server: { image: 'prismagraphql/prisma:1.34', auth: 'rsa' },
      database: { connector: 'mysql', image: 'postgres:10' },
    });
    expect(error.problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      "clusters.one.target: 'digitalocean' is not yet supported",
      'clusters.one.server.auth: server 1.34 ignores a public key, and would be open to everybody',
      "clusters.one.database.image: 'postgres:10' is not a database for connector mysql",
    ]);
  });
});

test('supportedClusters leaves out what cannot be made', () => {
  const clusters = { one: entry(), two: entry({ target: 'digitalocean' }), three: entry() };
  expect(supportedClusters(clusters).map(({ name }) => name)).toEqual(['one', 'three']);
});
