import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Secret } from '../../../lib/secret.js';
import { probeAuth } from '../../../prisma/probe/probe-auth.js';
import { readVersion } from '../../../prisma/probe/read-version.js';
import { requireClosed } from '../../../prisma/probe/require-closed.js';
import {
  foreignTokens as foreign,
  newForeignCredentials,
} from '../../../prisma/tokens/foreign-credentials.js';
import { mintProbeToken } from '../../../prisma/tokens/probe-token.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { startPostgres, type TestPostgres } from '../dev-server/postgres-container.js';
import { privateKey, startTestServer } from '../dev-server/test-server.js';

let postgres: TestPostgres;
let foreignTokens: readonly Secret[];
const mint = (clusterSecret: Secret) => mintProbeToken({ clusterSecret, now: new Date() });
const evidence = async () => 'log';

beforeAll(async () => {
  postgres = await startPostgres();
  foreignTokens = await foreign({
    foreignCredentials: await newForeignCredentials(),
    clusterSecret: new Secret(privateKey),
    ttlSeconds: 60,
    now: new Date(),
  });
});
afterAll(() => postgres?.remove());

async function serverWith(settings: object) {
  const server = await startTestServer(postgres, settings);
  onTestFinished(() => server.stop());
  return `http://127.0.0.1:${server.port}`;
}

/** What the kit finds out about the bundled server, in the ways of each generation. */
describe('probes of a server that speaks like generation', () => {
  test.each([
    ['A', '/cluster', /^1\.[0-6]\./],
    ['B', '/management', /^1\.8\./],
  ] as const)('%s: version and path are found, and our key is the only one', async (...wanted) => {
    const [generation, path, version] = wanted;
    const host = await serverWith({ generation });
    expect(await readVersion(host)).toMatchObject({
      generation,
      path,
      version: expect.stringMatching(version),
    });
    const ownToken = await mint(new Secret(privateKey));
    expect(await probeAuth({ host, path, ownToken, foreignTokens })).toMatchObject({
      state: 'ok',
      withoutToken: 'refused',
      foreignToken: 'refused',
      ownToken: 'accepted',
    });
    await requireClosed({ host, path, ownToken, foreignTokens, evidence });
  });

  test.each([
    ['the key', privateKey],
    ['a shared secret', 'that-the-server-was-never-told'],
  ])('C configured as B, asked with %s: it is open, and that is found out', async (_, secret) => {
    const host = await serverWith({ generation: 'C' });
    expect(await readVersion(host)).toMatchObject({ generation: 'C', path: '/management' });
    const ownToken = await mint(new Secret(secret));
    const error = await kitErrorOf(() =>
      requireClosed({ host, ownToken, foreignTokens, evidence }),
    );
    expect(error).toMatchObject({ code: 'server-open', exitCode: 3 });
  });

  test('C with a shared secret: closed to RSA, open to that', async () => {
    const secret = 'a-shared-secret-of-the-test';
    const host = await serverWith({ generation: 'C', managementApiSecret: secret });
    const rsa = await mint(new Secret(privateKey));
    expect((await probeAuth({ host, ownToken: rsa, foreignTokens })).state).toBe('refused');
    const shared = await mint(new Secret(secret));
    expect((await probeAuth({ host, ownToken: shared, foreignTokens })).state).toBe('ok');
  });

  test('B with a managementApiSecret: our key no longer counts', async () => {
    const host = await serverWith({ managementApiSecret: 'it-wins-over-the-key' });
    const ownToken = await mint(new Secret(privateKey));
    const error = await kitErrorOf(() =>
      requireClosed({ host, ownToken, foreignTokens, evidence }),
    );
    expect(error).toMatchObject({ code: 'key-refused', exitCode: 3 });
  });
});
