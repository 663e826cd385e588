import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newKeyPair } from '../../../cluster/keys/key-pair.js';
import { Secret } from '../../../lib/secret.js';
import { type Grant, mintClusterToken } from '../../../prisma/tokens/cluster-token.js';
import { newForeignCredentials } from '../../../prisma/tokens/foreign-credentials.js';
import { probeEntry } from '../../../registry/probe-entry.js';
import { startPostgres, type TestPostgres } from '../dev-server/postgres-container.js';
import {
  ask,
  privateKey,
  publicKey,
  startTestServer,
  type TestServer,
} from '../dev-server/test-server.js';

let postgres: TestPostgres;
let server: TestServer;
beforeAll(async () => {
  postgres = await startPostgres();
  server = await startTestServer(postgres);
  await server.addProject('demo', 'dev');
  await server.addProject('other', 'dev');
});
afterAll(async () => {
  await server?.stop();
  await postgres?.remove();
});

const clusterSecret = new Secret(privateKey);
const everything: Grant[] = [{ target: '*/*', action: '*' }];
const LIST = '{ listProjects { name } }';
const project = (name: string) => `{ project(name: "${name}", stage: "dev") { name } }`;
const codeOf = async (query: string, token?: string) =>
  (await ask(server.port, '/management', query, { ...(token && { token }) })).errors?.[0]?.code;
const mint = async (props: Partial<Parameters<typeof mintClusterToken>[0]> = {}) =>
  (await mintClusterToken({ clusterSecret, ttlSeconds: 60, now: new Date(), ...props })).reveal();
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const inSeconds = (offset: number) => Math.floor(Date.now() / 1000) + offset;

describe('cluster tokens at the bundled server', () => {
  test('ours for everything is accepted', async () => {
    expect(await codeOf(LIST, await mint({ grants: everything }))).toBeUndefined();
  });

  test('a narrow one is accepted only where it points', async () => {
    const token = await mint({ grants: [{ target: 'demo/dev', action: 'deploy' }] });
    expect(await codeOf(project('demo'), token)).toBeUndefined();
    expect(await codeOf(project('other'), token)).toBe(3015);
    expect(await codeOf(LIST, token)).toBe(3015);
  });

  const attacks: [string, () => Promise<string | undefined> | string | undefined][] = [
    ['no token', () => undefined],
    ['a foreign key', async () => mint({ clusterSecret: (await newKeyPair()).privateKey })],
    ['an expired token', () => mint({ now: new Date(Date.now() - 120_000) })],
    [
      'a token that is not valid yet',
      () =>
        new SignJWT({ grants: everything })
          .setProtectedHeader({ alg: 'RS256' })
          .setNotBefore(inSeconds(3600))
          .setExpirationTime(inSeconds(7200))
          .sign(createPrivateKey(privateKey)),
    ],
    [
      'alg none',
      () => `${base64({ alg: 'none' })}.${base64({ grants: everything, exp: inSeconds(60) })}.`,
    ],
    [
      'HS256 signed with the public key as secret',
      () =>
        new SignJWT({ grants: everything })
          .setProtectedHeader({ alg: 'HS256' })
          .setExpirationTime(inSeconds(60))
          .sign(Buffer.from(publicKey)),
    ],
    ['wrong grants', () => mint({ grants: [{ target: 'nothing/here', action: '*' }] })],
    [
      'a tampered payload',
      async () => {
        const [head, , signature] = (await mint()).split('.');
        return `${head}.${base64({ grants: everything, exp: inSeconds(9999) })}.${signature}`;
      },
    ],
  ];
  test.each(attacks)('%s is refused', async (_, make) => {
    expect(await codeOf(LIST, await make())).toBe(3015);
  });

  test('the probe that list, add and doctor share sees a closed server', async () => {
    const foreignCredentials = await newForeignCredentials();
    const host = `http://127.0.0.1:${server.port}`;
    const signal = AbortSignal.timeout(60_000);
    const probe = { host, foreignCredentials, now: new Date(), signal };
    expect(await probeEntry({ ...probe, clusterSecret })).toMatchObject({
      online: true,
      auth: 'ok',
      generation: 'B',
    });
    expect(await probeEntry({ ...probe, clusterSecret: foreignCredentials.rsa })).toMatchObject({
      auth: 'refused',
    });
  });
});
