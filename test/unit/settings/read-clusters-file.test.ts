import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseClusters, readClustersFile } from '../../../lib/settings/read-clusters-file.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const yaml = (lines: string) => lines.replace(/^\n/, '').replace(/^ {4}/gm, '');
const problemsOf = async (text: string) =>
  (await kitErrorOf(() => parseClusters(yaml(text), 'clusters.yml'))).problems;

describe('parseClusters', () => {
  test('defaults: port 4466, and a version only where one is written', () => {
    expect(
      parseClusters(
        yaml(`
    clusters:
      local:
        target: docker
        server: { image: 'prismagraphql/prisma:1.8' }
        database: { connector: postgres, image: 'postgres:10' }
    `),
        'clusters.yml',
      ),
    ).toEqual({
      local: {
        target: 'docker',
        port: 4466,
        server: { image: 'prismagraphql/prisma:1.8' },
        database: { connector: 'postgres', image: 'postgres:10' },
      },
    });
  });

  test('custom: every key', () => {
    expect(
      parseClusters(
        yaml(`
    clusters:
      a-2:
        target: digitalocean
        port: 80
        server: { image: 'registry.example.com:5000/team/prisma@sha256:abc', version: "1.10" }
        database: { connector: mysql, image: 'mysql:5.7' }
    `),
        'clusters.yml',
      ),
    ).toEqual({
      'a-2': {
        target: 'digitalocean',
        port: 80,
        server: {
          image: 'registry.example.com:5000/team/prisma@sha256:abc',
          version: '1.10',
        },
        database: { connector: 'mysql', image: 'mysql:5.7' },
      },
    });
  });

  test('fails with every problem at once, each with file, line, column and path', async () => {
    const problems = await problemsOf(`
    clusters:
      Local:
        target: docker
        server: { image: 'a:1.8' }
        database: { connector: postgres, image: 'postgres:10' }
      one:
        target: kubernetes
        port: 70000
        ports: 1
        server:
          image: 'no spaces please'
          version: 1.10
        database:
          connector: oracle
    `);
    expect(problems).toEqual([
      {
        path: 'clusters.yml:2:3 clusters.Local',
        message: 'should be a name of at most 40 lower-case letters, digits and dashes',
      },
      {
        path: 'clusters.yml:7:5 clusters.one.target',
        message: 'should be one of docker, digitalocean (given: "kubernetes")',
      },
      {
        path: 'clusters.yml:8:5 clusters.one.port',
        message: 'should be a whole number from 1 to 65535 (given: 70000)',
      },
      {
        path: 'clusters.yml:11:7 clusters.one.server.image',
        message:
          'should be an image reference such as prismagraphql/prisma:1.8 (given: "no spaces please")',
      },
      {
        path: 'clusters.yml:12:7 clusters.one.server.version',
        message:
          'should be a string in quotes, such as "1.8" (1.10 without quotes is read as 1.1) (given: 1.1)',
      },
      {
        path: 'clusters.yml:14:7 clusters.one.database.connector',
        message: 'should be one of postgres, mysql (given: "oracle")',
      },
      { path: 'clusters.yml:13:5 clusters.one.database.image', message: 'is missing' },
      { path: 'clusters.yml:9:5 clusters.one.ports', message: 'is not a known key' },
    ]);
  });

  test('fails at keys that nobody knows, on every level', async () => {
    const problems = await problemsOf(`
    version: 3
    clusters:
      one:
        target: docker
        region: fra1
        server: { image: 'a:1.8', memory: 1 }
        database: { connector: postgres, image: 'b:1', port: 1 }
    `);
    expect(problems.map(({ path }) => path)).toEqual([
      'clusters.yml:6:31 clusters.one.server.memory',
      'clusters.yml:7:52 clusters.one.database.port',
      'clusters.yml:5:5 clusters.one.region',
      'clusters.yml:1:1 version',
    ]);
    expect(new Set(problems.map(({ message }) => message))).toEqual(
      new Set(['is not a known key']),
    );
  });

  test.each(['1', '1.', 'latest', '2.1', 'v1.8', '1.8x'])(
    'fails at the version "%s"',
    async (version) => {
      const problems = await problemsOf(`
    clusters:
      one:
        target: docker
        server: { image: 'a', version: "${version}" }
        database: { connector: postgres, image: 'b:1' }
    `);
      expect(problems).toEqual([
        {
          path: 'clusters.yml:4:27 clusters.one.server.version',
          message: `should be a Prisma 1 server version such as "1.8" or "1.34.12" (given: "${version}")`,
        },
      ]);
    },
  );

  test.each([
    ['', '1:1', 'clusters'],
    ['# nothing yet\n', '1:1', 'clusters'],
    ['clusters:\n  one:\n', '2:3', 'clusters.one'],
  ])('fails at %j, where something is missing', async (text, position, path) => {
    const problems = await problemsOf(text);
    expect(problems.map((problem) => problem.path)).toEqual([`clusters.yml:${position} ${path}`]);
  });

  test('fails at broken YAML with its place', async () => {
    const error = await kitErrorOf(() => parseClusters('clusters:\n  a: [1\n', 'c.yml'));
    expect(error).toMatchObject({ code: 'config-invalid', exitCode: 2 });
    expect(error.problems[0]?.path).toMatch(/^c\.yml:\d+:\d+$/);
  });

  test('fails at a key that stands twice', async () => {
    const problems = await problemsOf('clusters: {}\nclusters: {}\n');
    expect(problems[0]?.path).toBe('clusters.yml:2:1');
  });
});

describe('readClustersFile', () => {
  test('reads the file', async () => {
    const path = join(await temporaryDirectory(), 'clusters.yml');
    await writeFile(path, 'clusters: {}\n');
    expect(await readClustersFile(path)).toEqual({});
  });

  test('the clusters.yml of this repository is valid', async () => {
    expect(Object.keys(await readClustersFile('clusters.yml'))).toEqual([
      'local',
      'local-upstream',
    ]);
  });

  test('fails when there is none, and says how to name it', async () => {
    const path = join(await temporaryDirectory(), 'clusters.yml');
    const error = await kitErrorOf(() => readClustersFile(path));
    expect(error).toMatchObject({ code: 'config-missing', exitCode: 2 });
    expect(error.message).toContain(path);
    expect(error.message).toContain('--config');
  });
});
