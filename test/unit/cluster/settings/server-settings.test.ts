import { describe, expect, test } from 'vitest';
import { serverVariables } from '../../../../cluster/configuration/render-start.js';
import { renderYaml } from '../../../../cluster/configuration/render-yaml.js';
import { serverConnections } from '../../../../cluster/settings/server-connections.js';
import { Secret } from '../../../../lib/secret.js';
import { parseClusters } from '../../../../targets/clusters-file/read.js';
import { selectCluster } from '../../../../targets/clusters-file/select.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

const UPSTREAM = 'prismagraphql/prisma:1.34';
const POSTGRES = { connector: 'postgres', image: 'postgres:10' };
const EXTERNAL = {
  external: { connector: 'postgres', host: 'db.example.com', user: 'u', passwordEnv: 'P' },
};

const select = (server: object, database: object, rest: object = { target: 'docker' }) => {
  const one = { ...rest, server: { image: UPSTREAM, ...server }, database };
  return selectCluster(parseClusters(JSON.stringify({ clusters: { one } }), 'c.yml'), 'one');
};
const problemsOf = async (...given: Parameters<typeof select>) =>
  (await kitErrorOf(() => select(...given))).problems.map(
    ({ path, message }) => `${path?.replace(/^.*clusters\.one\./, '')} ${message}`,
  );

describe.each(['docker', 'digitalocean'])('on %s', (target) => {
  test.each([
    ['a container', POSTGRES],
    ['an external database', EXTERNAL],
  ])('all settings, with %s', (_, database) => {
    const { server, database: found } = select(
      { memory: '2g', javaOptions: '-Xmx1g -XX:+UseG1GC' },
      { ...database, connectionLimit: 20, rawAccess: true, schema: 'public', memory: 700 },
      { target },
    );
    expect(server).toMatchObject({ memoryMb: 2048, javaOptions: '-Xmx1g -XX:+UseG1GC' });
    expect(found).toMatchObject({
      ...{ connectionLimit: 20, rawAccess: true, schema: 'public', memoryMb: 700 },
    });
  });
});

test('none of them: no key', () => {
  expect(select({}, POSTGRES)).toMatchObject({
    server: { image: UPSTREAM, version: '1.34', auth: 'secret' },
    database: POSTGRES,
  });
  expect(Object.keys(select({}, POSTGRES).database)).toEqual(['connector', 'image']);
});

test.each(['12', '"1t"', '"g"', '"0.5g"', '-1', '0', 'true', '"99999g"', '1.5'])(
  'memory: %s is refused',
  async (memory) => {
    const at = { memory: JSON.parse(memory) };
    expect((await problemsOf(at, POSTGRES))[0]).toMatch(
      /^server\.memory should be from 128 to 1048576 megabytes, such as 1024, "1024m" or "1g"/,
    );
  },
);

test.each([' ', 'Xmx1g', '-Xmx1g; rm', '-Da=$HOME', '-Da=`id`', '-Da="b"', '-Xmx1g\n-Xms1g', ''])(
  'javaOptions: %j is refused',
  async (javaOptions) => {
    expect((await problemsOf({ javaOptions }, POSTGRES))[0]).toMatch(/should be options of a JVM/);
  },
);

test('every problem of form at once', async () => {
  const database = { ...POSTGRES, connectionLimit: 1, rawAccess: 'yes', schema: 'a b', memory: 1 };
  expect(await problemsOf({ memory: 1, javaOptions: 'x' }, database)).toHaveLength(6);
});

test('every problem of meaning at once: what this server does not know, what does not fit', async () => {
  const image = 'clusterkit/dev-server:0.1.0';
  const database = { ...POSTGRES, rawAccess: true, schema: 'public' };
  expect(
    await problemsOf({ image, version: '1.8', javaOptions: '-Xmx1g' }, database, {
      ...{ target: 'docker', kind: 'development' },
    }),
  ).toEqual([
    expect.stringContaining('database.rawAccess the bundled server'),
    expect.stringContaining('database.schema the bundled server'),
    expect.stringContaining('database.schema cannot be used with kind: development'),
    expect.stringContaining('server.javaOptions the bundled server'),
  ]);
});

test.each([
  ['1.16', 'server 1.16 has no raw access, which came in 1.17'],
  ['1.6', 'server 1.6 has no raw access, which came in 1.17'],
])('rawAccess with server %s', async (version, words) => {
  const database = { connector: 'mysql', image: 'mysql:5.7', rawAccess: true };
  expect(await problemsOf({ image: `prismagraphql/prisma:${version}` }, database)).toEqual([
    `database.rawAccess ${words}`,
  ]);
});

test('schema on mysql', async () => {
  const database = { connector: 'mysql', image: 'mysql:5.7', schema: 'public' };
  expect(await problemsOf({}, database)).toEqual([
    'database.schema is for postgres; on mysql every service is a database of its own',
  ]);
});

test('a heap beyond the memory of the server', async () => {
  expect(await problemsOf({ memory: 1024, javaOptions: '-Xmx1g' }, POSTGRES)).toEqual([
    'server.javaOptions its heap of 1024 MB leaves less than 200 MB of server.memory (1024 MB) for the rest of the JVM',
  ]);
  expect(select({ memory: 1024, javaOptions: '-Xmx800m' }, POSTGRES).server.memoryMb).toBe(1024);
});

test('connections that do not fit the memory of a database, or of a relay', async () => {
  const database = { ...POSTGRES, connectionLimit: 50, memory: 512 };
  expect(await problemsOf({ image: 'prismagraphql/prisma:1.8' }, database)).toEqual([
    'database.memory is 512 MB; server 1.8 opens about 500 connections with connectionLimit: 50, which need 2000 MB',
  ]);
  expect(await problemsOf({}, { ...EXTERNAL, memory: 128 })).toEqual([
    'database.memory is 128 MB; the relay to the database needs 160 MB for its connections',
  ]);
});

test.each([
  ['1.6', 20],
  ['1.8', 100],
  ['1.11', 100],
  ['1.12', 10],
  ['1.34', 10],
])('connections of server %s with a limit of 10: %d', (version, count) => {
  const server = { image: UPSTREAM, version };
  expect(serverConnections({ server, database: { connectionLimit: 10 } })).toBe(count);
  expect(serverConnections({ server, database: {} })).toBeUndefined();
});

describe('rendered by the names of upstream', () => {
  const configuration = (use: object) => ({
    ...{ port: 4466, access: { auth: 'rsa', publicKey: 'PEM' } as const },
    database: {
      ...{ connector: 'postgres' as const, host: 'database', port: 5432, user: 'prisma' },
      ...{ password: new Secret('x'), ...use },
    },
  });

  test('from 1.7 on', () => {
    const use = { connectionLimit: 25, rawAccess: true, schema: 'public' };
    const lines = renderYaml(configuration(use)).reveal().split('\n').slice(-5, -1);
    expect(lines.map((line) => line.trim())).toEqual([
      ...['migrations: true', 'connectionLimit: 25', 'rawAccess: true', 'schema: "public"'],
    ]);
    expect(renderYaml(configuration({})).reveal()).not.toMatch(/rawAccess|schema/);
  });

  test('up to 1.6', () => {
    expect(serverVariables(configuration({ connectionLimit: 25 }))).toMatchObject({
      ...{ SQL_CLIENT_CONNECTION_LIMIT: '25', SQL_INTERNAL_CONNECTION_LIMIT: '25' },
    });
  });
});
