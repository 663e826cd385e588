import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { codesOf, entryText } from '../../support/registry-files.js';
import { homeWithRegistry } from '../../support/registry-verbs.js';
import type { TestDatabase } from '../dev-server/database-container.js';
import { startPostgres } from '../dev-server/postgres-container.js';
import { ask, privateKey, startTestServer } from '../dev-server/test-server.js';

const SECRET = 'a-secret-of-the-cluster';

let database: TestDatabase;
beforeAll(async () => {
  database = await startPostgres();
});
afterAll(() => database?.remove());

async function serverOf(settings: object) {
  const server = await startTestServer(database, settings);
  onTestFinished(() => server.stop());
  return { host: `http://127.0.0.1:${server.port}`, port: server.port };
}

const KEY = { option: '--key-file', secret: privateKey, alg: 'RS256' } as const;
const SHARED = { option: '--secret-file', secret: `${SECRET}\n`, alg: 'HS256' } as const;

/** The verbs of the registry in front of the bundled server, as each generation is. */
describe('the registry works alike for', () => {
  test.each([
    ['A, key pair', { generation: 'A' }, 'A', KEY],
    ['B, key pair', { generation: 'B' }, 'B', KEY],
    ['B, shared secret', { managementApiSecret: SECRET }, 'B', SHARED],
    ['C, shared secret', { generation: 'C', managementApiSecret: SECRET }, 'C', SHARED],
  ] as const)('%s: add, list, doctor, a token that the server takes, remove', async (...row) => {
    const [, settings, generation, { option, secret, alg }] = row;
    const { host, port } = await serverOf(settings);
    const { home, json, run } = await homeWithRegistry();
    const file = join(home, 'secret');
    await writeFile(file, secret);
    const add = ['cluster', 'add', 'eu', '--host', host, option, file];
    expect(await json(add)).toMatchObject({ code: 0, entry: 'added', verified: true });
    expect((await json(['cluster', 'list'])).clusters).toMatchObject([
      { name: 'eu', online: true, generation, auth: 'ok', origin: 'ours' },
    ]);
    expect(await json(['doctor'])).toMatchObject({ code: 0, healthy: true });

    const mint = ['cluster', 'token', 'eu', '--service', '*', '--stage', '*', '--action', '*'];
    const { token } = await json(mint);
    const [header = ''] = token.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg, typ: 'JWT' });
    expect((await run(['cluster', 'verify-token', 'eu'], { stdin: token })).code).toBe(0);
    const path = generation === 'A' ? '/cluster' : '/management';
    const { data } = await ask(port, path, '{ listProjects { name } }', { token });
    expect(data.listProjects).toEqual([]);
    expect((await run(['cluster', 'remove', 'eu'])).code).toBe(0);
  });

  test('a server of 1.27 or later that is configured as one before: open, whatever the entry has', async () => {
    const { host } = await serverOf({ generation: 'C' });
    const { home, path, json, run } = await homeWithRegistry();
    const file = join(home, 'secret');
    for (const { option, secret } of [KEY, SHARED]) {
      await writeFile(file, secret);
      const add = ['cluster', 'add', 'eu', '--host', host, option, file];
      expect(await kitErrorOf(() => run(add))).toMatchObject({ code: 'server-open', exitCode: 3 });
      await writeFile(path, `clusters:\n${entryText('eu', host, secret.trim())}`, { mode: 0o600 });
      expect((await json(['cluster', 'list'])).clusters).toMatchObject([{ auth: 'open' }]);
      const doctor = await json(['doctor']);
      expect(doctor.code).toBe(4);
      expect(codesOf(doctor)).toContain('server-open eu');
      await writeFile(path, 'clusters: {}\n');
    }
  });

  test('reports secrets that the server cannot use', async () => {
    const hosts = {
      a: (await serverOf({ generation: 'A' })).host,
      bKey: (await serverOf({})).host,
      bSecret: (await serverOf({ managementApiSecret: SECRET })).host,
      c: (await serverOf({ generation: 'C', managementApiSecret: SECRET })).host,
    };
    const entries = [
      entryText('secret-at-a', hosts.a, SECRET),
      entryText('secret-at-b', hosts.bKey, SECRET),
      entryText('key-at-b', hosts.bSecret, privateKey),
      entryText('key-at-c', hosts.c, privateKey),
      entryText('other-at-c', hosts.c, 'another'),
    ];
    const { json } = await homeWithRegistry(`clusters:\n${entries.join('')}`);
    const env = { PRISMA_MANAGEMENT_API_SECRET: SECRET };
    const { findings } = await json(['doctor'], { env });
    const told = findings.map(({ entry, code, mend }: Record<string, string>) => [
      entry ?? code,
      entry ? code : mend,
      entry ? mend?.replace('clusterkit ', '').replace(/http\S+/, 'HOST') : null,
    ]);
    expect(told).toEqual([
      [
        'secret-at-a',
        'secret-unfit',
        'cluster add secret-at-a --host HOST --key-file FILE --force',
      ],
      ['secret-at-b', 'key-refused', 'env secret-at-b --management-secret'],
      ['key-at-b', 'key-refused', 'cluster public-key key-at-b'],
      ['key-at-c', 'secret-unfit', 'cluster add key-at-c --host HOST --secret-file FILE --force'],
      ['other-at-c', 'key-refused', 'env other-at-c --management-secret'],
      ['management-secret-set', 'unset PRISMA_MANAGEMENT_API_SECRET', null],
      ['management-secret-differs', 'unset PRISMA_MANAGEMENT_API_SECRET', null],
    ]);
    expect(JSON.stringify(findings)).not.toContain(SECRET);
  });
});
