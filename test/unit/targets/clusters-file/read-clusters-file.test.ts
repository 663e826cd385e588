import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseClusters, readClustersFile } from '../../../../targets/clusters-file/read.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

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

  test('clusters share what they have in common, by merge keys and in maps of their own', () => {
    expect(
      parseClusters(
        yaml(`
    x-common: &common
      target: docker
      x-owner: everybody
      server: &server { image: 'prismagraphql/prisma:1.8' }
      database: { connector: postgres, image: 'postgres:10' }
    clusters:
      one:
        <<: *common
        port: 4467
        x-note: { a: 1 }
      x-two: { <<: *common, server: { <<: *server, auth: rsa } }
    `),
        'clusters.yml',
      ),
    ).toEqual({
      one: {
        target: 'docker',
        port: 4467,
        server: { image: 'prismagraphql/prisma:1.8' },
        database: { connector: 'postgres', image: 'postgres:10' },
      },
      'x-two': {
        target: 'docker',
        port: 4466,
        server: { image: 'prismagraphql/prisma:1.8', auth: 'rsa' },
        database: { connector: 'postgres', image: 'postgres:10' },
      },
    });
  });

  test('a problem in what is merged is at the place where it is written', async () => {
    const problems = await problemsOf(`
    x-server: &server { image: 'UPPER CASE' }
    clusters:
      one: { target: docker, server: *server, database: { connector: postgres, image: 'postgres:10' } }
    `);
    expect(problems.map(({ path }) => path)).toEqual([
      'clusters.yml:1:21 clusters.one.server.image',
    ]);
  });

  test.each([
    ['[]', 'clusters.yml:1:1: should be a map (given: a list)'],
    ['clusters: []', 'clusters.yml:1:1 clusters: should be a map (given: a list)'],
  ])('%j is told in our words', async (text, expected) => {
    const [problem] = await problemsOf(text);
    expect(`${problem?.path}: ${problem?.message}`).toBe(expected);
  });

  test('a private key in its place is not shown', async () => {
    const [problem] = await problemsOf('-----BEGIN RSA PRIVATE KEY-----\nMIIEsecretsecretsecret\n');
    expect(problem?.message).not.toContain('MIIE');
    expect(problem?.message).toContain('a text of 54 characters');
  });

  test('custom: every key', () => {
    expect(
      parseClusters(
        yaml(`
    clusters:
      a-2:
        target: digitalocean
        port: 80
        volume: { sizeGb: 20 }
        server: { image: 'registry.example.com:5000/team/prisma@sha256:abc', version: "1.10" }
        database: { connector: mysql, image: 'mysql:5.7' }
    `),
        'clusters.yml',
      ),
    ).toEqual({
      'a-2': {
        target: 'digitalocean',
        region: 'fra1',
        size: 's-1vcpu-2gb',
        image: 'ubuntu-24-04-x64',
        port: 80,
        volume: { sizeGb: 20 },
        reservedIp: false,
        tags: [],
        backups: false,
        monitoring: false,
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
        server: { image: 'a:1.8', memroy: 1 }
        database: { connector: postgres, image: 'b:1', port: 1 }
    `);
    expect(problems.map(({ path }) => path)).toEqual([
      'clusters.yml:6:31 clusters.one.server.memroy',
      'clusters.yml:7:52 clusters.one.database.port',
      'clusters.yml:5:5 clusters.one.region',
      'clusters.yml:1:1 version',
    ]);
    expect(new Set(problems.map(({ message }) => message))).toEqual(
      new Set(['is not a known key']),
    );
  });

  test('fails at what is wrong with a droplet, all at once', async () => {
    const problems = await problemsOf(`
    clusters:
      one:
        target: digitalocean
        region: FRA1
        size: [s]
        image: 123456
        ssh: { sources: [] }
        management: { sources: [office, 10.0.0.0/33, 1.2.3.4, '::/0', 300.1.1.1], ports: 1 }
        volume: { sizeGb: 0, name: data }
        reservedIp: yes please
        tags: [clusterkit, 'ClusterKit:two', 'a b', clusterkitten]
        vpc: default
        images: ship
        server: { image: 'a:1.8' }
        database: { connector: postgres, image: 'b:1' }
      two:
        target: digitalocean
        volume: true
        server: { image: 'a:1.8' }
        database: { connector: postgres, image: 'b:1' }
    `);
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toMatchInlineSnapshot(`
      [
        "clusters.yml:4:5 clusters.one.region: should be a region such as fra1 (given: "FRA1")",
        "clusters.yml:5:5 clusters.one.size: should be a size in quotes, such as "s-1vcpu-2gb" (given: a list)",
        "clusters.yml:6:5 clusters.one.image: should be an image in quotes, such as "ubuntu-24-04-x64" (given: 123456)",
        "clusters.yml:7:12 clusters.one.ssh.sources: should name at least one source (given: a list)",
        "clusters.yml:8:19 clusters.one.management.sources.0: should be an address or a block of addresses such as 203.0.113.7 or 198.51.100.0/24 (given: "office")",
        "clusters.yml:8:19 clusters.one.management.sources.1: should be an address or a block of addresses such as 203.0.113.7 or 198.51.100.0/24 (given: "10.0.0.0/33")",
        "clusters.yml:8:19 clusters.one.management.sources.4: should be an address or a block of addresses such as 203.0.113.7 or 198.51.100.0/24 (given: "300.1.1.1")",
        "clusters.yml:8:79 clusters.one.management.ports: is not a known key",
        "clusters.yml:9:15 clusters.one.volume.sizeGb: should be a whole number from 1 to 16384 (given: 0)",
        "clusters.yml:9:26 clusters.one.volume.name: is not a known key",
        "clusters.yml:10:5 clusters.one.reservedIp: should be true or false (given: "yes please")",
        "clusters.yml:11:5 clusters.one.tags.0: is for clusterkit to set (given: "clusterkit")",
        "clusters.yml:11:5 clusters.one.tags.1: is for clusterkit to set (given: "ClusterKit:two")",
        "clusters.yml:11:5 clusters.one.tags.2: should be of letters, digits, colons, dashes and underscores (given: "a b")",
        "clusters.yml:12:5 clusters.one.vpc: should be the id (UUID) of a VPC (given: "default")",
        "clusters.yml:13:5 clusters.one.images: should be one of pull, push (given: "ship")",
        "clusters.yml:18:5 clusters.two.volume: should be false, or a size such as { sizeGb: 10 } (given: true)",
      ]
    `);
  });

  test.each([
    ['docker', 'region: fra1', /^Only clusters with target: digitalocean have it/],
    ['docker', 'ports: 1', /^Did you mean 'port'\? Known: target, port, address, bind, kind, /],
    ['digitalocean', 'registry: local', /^Known: target, region, size, /],
  ])('fails at a key that target %s does not have', async (target, line, hint) => {
    const problems = await problemsOf(`
    clusters:
      one:
        target: ${target}
        ${line}
        server: { image: 'a:1.8' }
        database: { connector: postgres, image: 'b:1' }
    `);
    expect(problems).toEqual([
      {
        path: `clusters.yml:4:5 clusters.one.${line.split(':')[0]}`,
        message: 'is not a known key',
        hint: expect.stringMatching(hint),
      },
    ]);
  });

  test('fails at a database that only droplets have, and at a host with its port', async () => {
    const problems = await problemsOf(`
    clusters:
      one:
        target: docker
        server: { image: 'a:1.8' }
        database: { managed: true, connector: postgres }
      two:
        target: docker
        server: { image: 'a:1.8' }
        database: { external: { connector: mysql, host: 'db:3306', user: u, passwordFile: p } }
      three:
        target: docker
        server: { image: 'a:1.8' }
        database: { external: { connector: mysql, host: 'fd00::1', user: u, passwordFile: p } }
    `);
    expect(problems.slice(1)).toEqual([
      {
        path: 'clusters.yml:5:17 clusters.one.database.managed',
        message: 'is not a known key',
        hint: expect.stringMatching(/^Only clusters with target: digitalocean have it/),
      },
      {
        path: 'clusters.yml:9:47 clusters.two.database.external.host',
        message:
          'should be a host name or an address; its port is a key of its own (given: "db:3306")',
      },
    ]);
  });

  test('fails at a target that is missing, and at the rest', async () => {
    const problems = await problemsOf(`
    clusters:
      one:
        port: 0
        volume: 1
    `);
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toMatchInlineSnapshot(`
      [
        "clusters.yml:2:3 clusters.one.target: is missing",
        "clusters.yml:3:5 clusters.one.port: should be a whole number from 1 to 65535 (given: 0)",
        "clusters.yml:2:3 clusters.one.server: is missing",
        "clusters.yml:2:3 clusters.one.database: is missing",
        "clusters.yml:4:5 clusters.one.volume: should be false, or a size such as { sizeGb: 10 } (given: 1)",
      ]
    `);
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
      'staging',
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
