import { createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestDatabase } from '../dev-server/database-container.js';
import { startPostgres } from '../dev-server/postgres-container.js';
import { ask, serviceToken, startTestServer, type TestServer } from '../dev-server/test-server.js';
import { clusterToken, publicKey, startTestGateway, type TestGateway } from './test-gateway.js';

const SECRET = 'server-secret';
const ADD =
  'mutation ($name: String!) { addProject(input: { name: $name, stage: "dev", secrets: ["svc"] }) { project { name } } }';
const DEPLOY =
  'mutation ($name: String!, $types: String!) { deploy(input: { name: $name, stage: "dev", types: $types, secrets: ["svc"] }) { errors { type } } }';
const TYPES = { A: '@unique', B: '@unique', C: '@id' };

let database: TestDatabase;
beforeAll(async () => {
  database = await startPostgres();
});
afterAll(() => database?.remove());

/** What each server knows: the cluster's public key, or a secret of its own. */
const SERVERS = [
  { generation: 'A', path: '/cluster', info: 'clusterInfo', server: { legacySecret: publicKey } },
  { generation: 'B', path: '/management', info: 'serverInfo', server: { legacySecret: publicKey } },
  {
    generation: 'B',
    path: '/management',
    info: 'serverInfo',
    server: { managementApiSecret: SECRET },
  },
  {
    generation: 'C',
    path: '/management',
    info: 'serverInfo',
    server: { managementApiSecret: SECRET },
  },
] as const;

describe.each(SERVERS)('generation $generation, $server', ({ generation, path, info, server }) => {
  const name = `t${generation.toLowerCase()}${'legacySecret' in server ? 'key' : 'secret'}`;
  const variables = { name, types: `type User { id: ID! ${TYPES[generation]} name: String! }` };
  const hasSecret = 'managementApiSecret' in server;
  let behind: TestServer;
  let gateway: TestGateway;

  beforeAll(async () => {
    const off = { legacySecret: undefined, managementApiSecret: undefined };
    behind = await startTestServer(database, { generation, ...off, ...server });
    gateway = await startTestGateway(`http://127.0.0.1:${behind.port}`, {
      server: { url: `http://127.0.0.1:${behind.port}`, generation },
      ...(hasSecret && { serverSecret: SECRET }),
    });
  });
  afterAll(async () => {
    await gateway?.stop();
    await behind?.stop();
  });

  const manage = (query: string, token?: string, at: string = path) =>
    ask(gateway.port, at, query, { variables, ...(token !== undefined && { token }) });
  const codeOf = async (query: string, token?: string) =>
    (await manage(query, token)).errors?.[0]?.code;
  const hs256 = (secret: string) =>
    new SignJWT({ grants: [{ target: '*/*', action: '*' }] })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setExpirationTime('1h')
      .sign(createSecretKey(Buffer.from(secret)));

  test('the version needs no token', async () => {
    expect((await manage(`{ ${info} { version } }`)).data[info].version).toMatch(/^1\./);
    expect((await manage(`{ ${info} { version } }`, 'null')).data[info].version).toMatch(/^1\./);
  });

  test('a token of the cluster deploys, and a service token works on the data', async () => {
    const token = await clusterToken();
    expect((await manage(ADD, token)).errors).toBeUndefined();
    expect((await manage(DEPLOY, token)).data).toEqual({ deploy: { errors: [] } });
    expect((await manage('{ listProjects { name } }', token)).data.listProjects).toContainEqual({
      name,
    });
    const create = 'mutation { createUser(data: { name: "Ada" }) { name } }';
    const data = await ask(gateway.port, `/${name}/dev`, create, {
      token: await serviceToken('svc'),
    });
    expect(data.data).toEqual({ createUser: { name: 'Ada' } });
    expect(data.headers.get('throttled-by')).toBe('0');
    expect((await ask(gateway.port, `/${name}/dev`, '{ users { id } }')).errors?.[0]?.code).toBe(
      3015,
    );
  });

  test('a token for one service and action goes no further', async () => {
    const token = await clusterToken(`${name}/dev`, 'migrationStatus');
    const status = `{ migrationStatus(name: "${name}", stage: "dev") { status } }`;
    expect((await manage(status, token)).data.migrationStatus.status).toBe('SUCCESS');
    expect(await codeOf(`{ migrationStatus(name: "x", stage: "dev") { status } }`, token)).toBe(
      3015,
    );
    expect(await codeOf(DEPLOY, token)).toBe(3015);
    expect(await codeOf('{ listProjects { name } }', token)).toBe(3015);
  });

  test('attacks are refused as the server words it', async () => {
    const forged = await hs256(publicKey);
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${forged.split('.')[1]}.`;
    for (const token of [undefined, 'null', forged, none, await hs256('guess')]) {
      const { status, errors, data } = await manage('{ listProjects { name } }', token);
      expect([status, data, errors?.[0]?.code]).toEqual([200, null, 3015]);
      expect(errors?.[0]?.message).toMatch(/^Authentication token is invalid: /);
      const direct = await ask(behind.port, path, '{ listProjects { name } }', {
        ...(token !== undefined && { token }),
      });
      expect(errors?.[0]?.message).toBe(direct.errors?.[0]?.message);
    }
    const refused = await manage(ADD);
    expect(refused.data).toEqual({ addProject: null });
  });

  test('what is signed the way of the server passes where the server has a secret', async () => {
    const code = await codeOf('{ listProjects { name } }', await hs256(SECRET));
    expect(code).toBe(hasSecret ? undefined : 3015);
  });

  test('a body that cannot be read is told, not passed on', async () => {
    const response = await fetch(`${gateway.url}${path}`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: '{"query":"{"}',
    });
    expect(response.status).toBe(400);
    const large = await fetch(`${gateway.url}${path}`, { method: 'POST', body: 'x'.repeat(9e6) });
    expect(large.status).toBe(413);
  });

  test.runIf(generation === 'C')('CLIs that know /cluster only are understood', async () => {
    const token = await clusterToken();
    const found = await manage('{ clusterInfo { version } }', undefined, '/cluster');
    expect(found.data.clusterInfo.version).toMatch(/^1\.34/);
    const list = await manage('{ listProjects { name } }', token, '/cluster');
    expect(list.data.listProjects).toContainEqual({ name });
  });
});

test('sources are kept apart', async () => {
  const gateway = await startTestGateway('http://127.0.0.1:9', {
    sources: { management: ['203.0.113.0/24'], data: ['127.0.0.0/8'] },
    trustedProxies: ['127.0.0.0/8'],
  });
  try {
    const statusOf = async (path: string, from?: string) => {
      const headers = from ? { 'x-forwarded-for': from } : {};
      return (await fetch(`${gateway.url}${path}`, { method: 'POST', headers, body: '{}' })).status;
    };
    expect(await statusOf('/management')).toBe(403);
    expect(await statusOf('/management', '203.0.113.9')).toBe(400);
    expect(await statusOf('/management', '203.0.113.9, 198.51.100.1')).toBe(403);
    expect(await statusOf('/demo/dev')).toBe(502);
    expect(await statusOf('/demo/dev', '198.51.100.1')).toBe(403);
  } finally {
    await gateway.stop();
  }
});
