import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestDatabase } from './database-container.js';
import { DATABASES } from './databases.js';
import {
  ask,
  clusterToken,
  serviceToken,
  sharedToken,
  startTestServer,
  type TestServer,
} from './test-server.js';

describe.each(DATABASES)('on $connector', ({ start, connector, separator }) => {
  let database: TestDatabase;
  let server: TestServer;
  beforeAll(async () => {
    database = await start();
    server = await startTestServer(database);
  });
  afterAll(async () => {
    await server?.stop();
    await database?.remove();
  });

  const USER = 'type User {\n  id: ID! @unique\n  name: String!\n}\n';
  const PROJECT = '{ project(name: "demo", stage: "dev") { name stage } }';
  const STATUS =
    '{ migrationStatus(name: "demo", stage: "dev") { projectId revision status applied rolledBack errors } }';
  const DEPLOY =
    'mutation { deploy(input: { name: "demo", stage: "dev", types: "" }) { migration { revision } } }';

  describe('before anything is deployed', () => {
    test('the version is told to everybody, on both paths and in both ways', async () => {
      const version = '1.8.3-clusterkit.0.1.0';
      for (const path of ['/management', '/cluster']) {
        const reply = await ask(
          server.port,
          path,
          '{ serverInfo { version } clusterInfo { version } }',
        );
        expect(reply.data).toEqual({
          serverInfo: { version },
          clusterInfo: { version },
        });
        expect(reply.headers.get('request-id')).toMatch(/^local:c/);
      }
    });

    test('without a token a query has no data, and a mutation has null in it', async () => {
      const query = await ask(server.port, '/management', '{ listProjects { name } }');
      expect(query).toMatchObject({ status: 200, data: null });
      expect(query.errors).toMatchObject([
        {
          path: ['listProjects'],
          code: 3015,
          message: "Authentication token is invalid: 'Authorization' header not provided",
          requestId: expect.stringMatching(/^local:/),
        },
      ]);
      const mutation =
        'mutation { addProject(input: { name: "demo", stage: "dev" }) { project { name } } }';
      const refused = await ask(server.port, '/management', mutation);
      expect(refused.data).toEqual({ addProject: null });
      expect(refused.errors?.[0]?.code).toBe(3015);
    });

    test('deploy tells that there is no such service before it looks at the token', async () => {
      const reply = await ask(server.port, '/management', DEPLOY);
      expect(reply.data).toEqual({ deploy: null });
      expect(reply.errors).toMatchObject([
        { code: 4000, message: "No service with name 'demo' and stage 'dev' found" },
      ]);
      expect((await ask(server.port, '/management', PROJECT)).errors?.[0]?.code).toBe(3015);
      expect(await server.manage(PROJECT)).toMatchObject({ data: null, errors: [{ code: 4000 }] });
    });

    test('what cannot be read is 400, what makes no sense 200', async () => {
      expect(await server.manage('{ nothing')).toMatchObject({ status: 400 });
      expect(await server.manage('{ nothing }')).toMatchObject({ status: 200, data: null });
    });

    test('bodies that are no JSON, or not told to be, are refused', async () => {
      const post = (body: string, type: string) =>
        fetch(`http://127.0.0.1:${server.port}/management`, {
          method: 'POST',
          headers: { 'content-type': type },
          body,
        });
      expect((await post('{', 'application/json')).status).toBe(400);
      expect((await post('{"query":"{ __typename }"}', 'text/plain')).status).toBe(415);
      expect((await post(`{"query":"${' '.repeat(9_000_000)}"}`, 'application/json')).status).toBe(
        413,
      );
    });

    test('CLIs introspect it', async () => {
      const { data } = await ask(
        server.port,
        '/management',
        '{ __type(name: "DeployPayload") { fields { name } } }',
      );
      expect(data.__type.fields).toContainEqual({ name: 'steps' });
    });
  });

  describe('a service', () => {
    test('is added once, under a name that can be one', async () => {
      expect((await server.addProject()).data).toEqual({
        addProject: { project: { name: 'demo' } },
      });
      expect((await server.addProject()).errors?.[0]?.code).toBe(4005);
      expect((await server.addProject('9lives')).errors?.[0]?.code).toBe(4001);
      expect((await server.addProject('demo', 'a b')).errors?.[0]?.code).toBe(4002);
      expect((await server.manage(STATUS)).data.migrationStatus).toMatchObject({
        ...{ revision: 1, status: 'SUCCESS' },
      });
    });

    test('is deployed to, and nothing is done twice', async () => {
      expect(await server.deploy(USER)).toEqual({
        errors: [],
        warnings: [],
        migration: {
          revision: 2,
          steps: ['CreateModel', 'CreateField', 'CreateField', 'CreateField', 'CreateField'].map(
            (type) => ({ type }),
          ),
        },
      });
      expect((await server.manage(STATUS)).data.migrationStatus).toEqual({
        projectId: `demo${separator}dev`,
        revision: 2,
        status: 'SUCCESS',
        applied: 5,
        rolledBack: 0,
        errors: [],
      });
      expect(await server.deploy(USER)).toEqual({ errors: [], warnings: [], migration: null });
    });

    test('a dry run tells the steps and changes nothing', async () => {
      const types = `${USER} type Post { id: ID! @unique }`;
      const dry = await server.deploy(types, { dryRun: true });
      expect(dry.migration).toMatchObject({ revision: 3, steps: { length: 4 } });
      expect((await server.manage(STATUS)).data.migrationStatus.revision).toBe(2);
      expect((await server.deploy(types)).migration.revision).toBe(3);
    });

    test('a broken datamodel is told as errors', async () => {
      expect((await server.deploy('type User { id: Int }')).errors).toEqual([
        { type: 'User', field: 'id', description: '`id`: It must be `ID! @unique`.' },
      ]);
      const clash = `${USER} type UserConnection { id: ID! @unique }`;
      expect((await server.deploy(clash)).errors[0].description).toContain('UserConnection');
      expect(
        (
          await server.deploy(USER, {
            subscriptions: [{ name: 'a', query: '', url: '', headers: [] }],
          })
        ).errors,
      ).toHaveLength(1);
    });

    test('its tokens are made with its secret, and a change of secrets is a step', async () => {
      const types = `${USER} type Post { id: ID! @unique }`;
      const { migration } = await server.deploy(types, { secrets: ['one', 'two'] });
      expect(migration.steps).toEqual([{ type: 'UpdateSecrets' }]);
      const users = (token?: string) =>
        ask(server.port, '/demo/dev', '{ users { id } }', token === undefined ? {} : { token });
      expect(await users()).toMatchObject({ status: 200, errors: [{ code: 3015 }] });
      expect((await users(await serviceToken('two'))).data).toEqual({ users: [] });
      const made = await server.manage('{ generateProjectToken(name: "demo", stage: "dev") }');
      expect((await users(made.data.generateProjectToken)).data).toEqual({ users: [] });
      expect((await users(await clusterToken())).errors?.[0]?.code).toBe(3015);
    });

    test('a narrow grant leads where it points, and no further', async () => {
      const token = await clusterToken('demo/*');
      const manage = (query: string) => ask(server.port, '/management', query, { token });
      expect((await manage(PROJECT)).data).toEqual({ project: { name: 'demo', stage: 'dev' } });
      expect((await manage('{ listProjects { name } }')).errors?.[0]?.code).toBe(3015);
      expect((await manage(PROJECT.replace('demo', 'else'))).errors?.[0]?.code).toBe(3015);
    });

    test('is deleted with its data', async () => {
      const remove =
        'mutation { deleteProject(input: { name: "demo", stage: "dev" }) { clientMutationId } }';
      expect((await server.manage('{ listProjects { name stage } }')).data.listProjects).toEqual([
        { name: 'demo', stage: 'dev' },
      ]);
      expect((await server.manage(remove)).data).toEqual({
        deleteProject: { clientMutationId: null },
      });
      expect((await server.manage(remove)).errors?.[0]?.code).toBe(4000);
      expect((await ask(server.port, '/demo/dev', '{ users { id } }')).errors).toMatchObject([
        { code: 3016, message: `Project not found: 'demo${separator}dev'` },
      ]);
      expect((await server.manage('{ listProjects { name } }')).data.listProjects).toEqual([]);
    });

    test('two deployments at once follow each other', async () => {
      await server.addProject('race');
      const secrets = [['a'], ['b'], ['c']];
      const results = await Promise.all(
        secrets.map((one) => server.deploy(USER, { name: 'race', secrets: one })),
      );
      const revisions = results.map(({ migration }) => migration.revision);
      expect(revisions.sort()).toEqual([2, 3, 4]);
    });
  });

  describe('the other generations', () => {
    test('A knows /cluster alone, and CLI 1.8 recognizes it', async () => {
      const old = await startTestServer(database, { generation: 'A' });
      try {
        const info = await ask(old.port, '/cluster', '{ clusterInfo { version } }');
        expect(info.data.clusterInfo.version).toBe('1.6.3-clusterkit.0.1.0');
        expect((await ask(old.port, '/cluster', '{ serverInfo { version } }')).data).toBeNull();
        expect((await old.manage('{ serverInfo { version } }')).errors).toMatchObject([
          { code: 3016, message: "Project not found: 'management@default'" },
        ]);
      } finally {
        await old.stop();
      }
    });

    test('B with a secret wants HS256, and the key counts no more', async () => {
      const shared = await startTestServer(database, { managementApiSecret: 'hush' });
      try {
        const list = (token: string) =>
          ask(shared.port, '/management', '{ listProjects { name } }', { token });
        expect((await list(await clusterToken())).errors?.[0]?.code).toBe(3015);
        expect((await list(await sharedToken('hush'))).errors).toBeUndefined();
      } finally {
        await shared.stop();
      }
    });

    test('C wants @id, and a stage that was refused stays and is empty', async () => {
      const late = await startTestServer(database, { generation: 'C' });
      try {
        await late.addProject('late');
        const refused = await late.deploy(USER, { name: 'late' });
        expect(refused).toMatchObject({ migration: null });
        expect(refused.errors).toEqual([
          {
            ...{ type: 'User', field: null },
            description:
              'One field of the type `User` must be marked as the id field with the `@id` directive.',
          },
        ]);
        const status =
          '{ migrationStatus(name: "late", stage: "dev") { revision steps { type ... on CreateField { name typeName default } } } }';
        expect((await late.manage(status)).data.migrationStatus).toEqual({
          ...{ revision: 1, steps: [] },
        });
        expect(
          (await late.deploy(USER.replace('@unique', '@id'), { name: 'late' })).errors,
        ).toEqual([]);
        expect((await late.manage(status)).data.migrationStatus).toEqual({
          revision: 2,
          steps: [
            { type: 'CreateModel' },
            { type: 'CreateField', name: 'id', typeName: 'ID', default: 'None' },
            { type: 'CreateField', name: 'name', typeName: 'String', default: 'None' },
          ],
        });
        const made = 'mutation { createUser(data: { name: "Ann" }) { name } }';
        expect((await ask(late.port, '/late/dev', made)).data).toEqual({
          createUser: { name: 'Ann' },
        });
      } finally {
        await late.stop();
      }
    });

    test('C knows /management alone, and stays open whatever the key', async () => {
      const late = await startTestServer(database, { generation: 'C' });
      try {
        expect(
          (await ask(late.port, '/management', '{ listProjects { name } }')).data,
        ).not.toBeNull();
        expect(late.lines.join('\n')).toContain('WARNING');
        expect(
          (await ask(late.port, '/cluster', '{ clusterInfo { version } }')).errors,
        ).toMatchObject([
          { code: 3016, message: `Project not found: 'cluster${separator}default'` },
        ]);
        const info = await ask(late.port, '/management', '{ serverInfo { primaryConnector } }');
        expect(info.data.serverInfo).toEqual({ primaryConnector: connector });
        const status = await fetch(`http://127.0.0.1:${late.port}/status`);
        expect(await status.text()).toBe('"OK"');
      } finally {
        await late.stop();
      }
    });
  });

  test('what the server logs has no token, secret or password in it', async () => {
    const text = server.lines.join('\n');
    expect(text).toContain('deploy demo/dev: revision 2, 5 steps');
    for (const secret of [database.password, await clusterToken(), 'one,two', 'BEGIN']) {
      expect(text).not.toContain(secret);
    }
  });

  test('a person finds a page that loads nothing from elsewhere', async () => {
    const response = await fetch(`http://127.0.0.1:${server.port}/demo/dev`);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await response.text();
    expect(html).toContain('1.8.3-clusterkit.0.1.0');
    expect(html).not.toMatch(/https?:/);
  });
});
