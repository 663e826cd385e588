import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serviceCheck } from '../../../apps/service-check.js';
import { Secret } from '../../../lib/secret.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { someSettings } from '../../support/synthesized-stack.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import type { TestDatabase } from '../dev-server/database-container.js';
import { DATABASES } from '../dev-server/databases.js';
import { privateKey, startTestServer, type TestServer } from '../dev-server/test-server.js';

const [POSTGRES] = DATABASES;
let database: TestDatabase;
let server: TestServer;
beforeAll(async () => {
  if (POSTGRES === undefined) throw new Error('there is no database');
  database = await POSTGRES.start();
  server = await startTestServer(database);
});
afterAll(async () => {
  await server?.stop();
  await database?.remove();
});

async function check(secret?: string) {
  const registry = join(await temporaryDirectory(), '.prisma', 'config.yml');
  await mkdir(dirname(registry));
  const entry = { host: `http://127.0.0.1:${server.port}`, clusterSecret: privateKey };
  await writeFile(registry, JSON.stringify({ clusters: { one: entry } }), { mode: 0o600 });
  const { signal } = new AbortController();
  return serviceCheck(
    { settings: someSettings(), context: { registry, env: {}, signal } },
    { name: 'web' },
    { name: 'demo', stage: 'dev', secret: secret === undefined ? undefined : new Secret(secret) },
  );
}

test('the bundled server: absent, open, and with the secrets of its prisma.yml', async () => {
  const types = 'type User { id: ID! @unique }';
  expect(await check()).toMatchObject({ exists: false, error: { code: 'service-absent' } });
  await server.addProject();
  expect(await check()).toEqual({ exists: true });
  await server.deploy(types, { secrets: ['one', 'two'] });
  expect((await kitErrorOf(() => check())).code).toBe('service-secret-missing');
  expect((await kitErrorOf(() => check('three'))).code).toBe('service-secret-wrong');
  expect(await check('one')).toEqual({ exists: true });
  expect(await check('two')).toEqual({ exists: true });
});
