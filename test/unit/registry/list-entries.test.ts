import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newKeyPair } from '../../../cluster/keys/key-pair.js';
import { writeEntry } from '../../../registry/file/change-entries.js';
import { listEntries } from '../../../registry/list-entries.js';
import { lockedServer, secretServer } from '../../support/locked-server.js';
import { managementServer, silentHost } from '../../support/management-server.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

async function context() {
  const registry = join(await temporaryDirectory(), 'config.yml');
  const signal = new AbortController().signal;
  const env = { HUSH: 'ours' };
  return { registry, now: () => new Date(), signal, env, command: 'clusterkit cluster list' };
}

describe('listEntries', () => {
  test('reports own and foreign entries; closed, open, rejected and offline servers', async () => {
    const at = await context();
    const [keys, other] = await Promise.all([newKeyPair(), newKeyPair()]);
    const hosts = {
      open: (await lockedServer()).host,
      refused: (await lockedServer(other.publicKey)).host,
      offline: await silentHost(),
      ours: (await lockedServer(keys.publicKey)).host,
    };
    const foreign = (['open', 'refused', 'offline'] as const).map(
      (name) =>
        `  ${name}:\n    host: ${hosts[name]}\n    clusterSecret: ${secretText(keys.privateKey.reveal())}\n`,
    );
    await writeFile(at.registry, `cloudSessionKey: old\nclusters:\n${foreign.join('')}`);
    const clusterSecret = keys.privateKey;
    await writeEntry(at.registry, { name: 'ours', host: hosts.ours, clusterSecret });

    const { clusters, cloudSession } = await listEntries(false, at);
    expect(cloudSession).toBe(true);
    expect(clusters.map(({ name, online, auth, origin }) => [name, online, auth, origin])).toEqual([
      ['open', true, 'open', 'foreign'],
      ['refused', true, 'refused', 'foreign'],
      ['offline', false, 'unknown', 'foreign'],
      ['ours', true, 'ok', 'ours'],
    ]);
    expect(clusters.at(-1)).toMatchObject({ version: '1.8.3', generation: 'B' });
  });

  test('shows no credentials of an address', async () => {
    const at = await context();
    await writeFile(at.registry, 'clusters:\n  a:\n    host: http://u:pw@h:1\n');
    const { clusters } = await listEntries(true, at);
    expect(clusters.map(({ host }) => host)).toEqual(['http://[secret]@h:1']);
  });

  test('uses HS256 for shared secrets, RS256 for keys', async () => {
    const at = await context();
    const { privateKey } = await newKeyPair();
    const { host } = await secretServer('ours');
    const variable = (name: string) => ['$', `{env:${name}}`].join('');
    const entries = {
      ok: 'ours',
      variable: variable('HUSH'),
      unset: variable('NOT_SET'),
      other: 'theirs',
      key: privateKey.reveal(),
    };
    const lines = Object.entries(entries).map(
      ([name, secret]) =>
        `  ${name}:\n    host: ${host}\n    clusterSecret: ${secretText(secret)}\n`,
    );
    await writeFile(at.registry, `clusters:\n${lines.join('')}`);
    const { clusters } = await listEntries(false, at);
    expect(clusters.map(({ name, generation, auth }) => [name, generation, auth])).toEqual([
      ['ok', 'C', 'ok'],
      ['variable', 'C', 'ok'],
      ['unset', 'C', 'refused'],
      ['other', 'C', 'refused'],
      ['key', 'C', 'refused'],
    ]);
  });

  test('--offline probes no server', async () => {
    const at = await context();
    const server = await lockedServer();
    await writeFile(at.registry, `clusters:\n  a:\n    host: ${server.host}\n`);
    const { clusters } = await listEntries(true, at);
    expect(clusters).toMatchObject([{ name: 'a', online: null, auth: 'unknown' }]);
    expect(server.seen).toEqual([]);
  });

  test('servers that never answer are offline, several at once', async () => {
    const at = await context();
    const silent = await managementServer(() => ({ body: undefined }));
    const lines = Array.from({ length: 40 }, (_, i) => `  c${i}:\n    host: ${silent.host}\n`);
    await writeFile(at.registry, `clusters:\n${lines.join('')}`);
    const { clusters } = await listEntries(false, at);
    expect(new Set(clusters.map(({ online }) => online))).toEqual(new Set([false]));
    expect(clusters).toHaveLength(40);
  });
});

const secretText = (pem: string) => JSON.stringify(pem);
