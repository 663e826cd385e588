import { createPrivateKey } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type KeyPair, newKeyPair } from '../../../cluster/keys/key-pair.js';
import { Secret } from '../../../lib/secret.js';
import { addEntry, type EntryRequest } from '../../../registry/add-entry.js';
import { readRegistry } from '../../../registry/file/read-registry.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { lockedGateway, lockedServer, secretServer } from '../../support/locked-server.js';
import { silentHost } from '../../support/management-server.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

let keys: KeyPair;
let other: KeyPair;
beforeAll(async () => {
  [keys, other] = await Promise.all([newKeyPair(), newKeyPair()]);
});

async function context() {
  const registry = join(await temporaryDirectory(), 'config.yml');
  const command = 'clusterkit cluster add team';
  return { registry, now: () => new Date(), signal: new AbortController().signal, command };
}

const request = (host: string, custom: Partial<EntryRequest> = {}): EntryRequest => ({
  name: 'team',
  host,
  secret: keys.privateKey,
  kind: 'rsa',
  force: false,
  verify: true,
  allowOpen: false,
  ...custom,
});

describe('addEntry', () => {
  test('defaults: verifies, then writes', async () => {
    const { host } = await lockedServer(keys.publicKey);
    const at = await context();
    expect(await addEntry(request(host), at)).toEqual({
      cluster: 'team',
      host,
      entry: 'added',
      verified: true,
      version: '1.8.3',
    });
    const { entries } = await readRegistry(at.registry);
    expect(entries.map(({ name }) => name)).toEqual(['team']);
    expect(entries[0]?.clusterSecret?.reveal()).toBe(keys.privateKey.reveal());
    expect((await addEntry(request(host), at)).entry).toBe('unchanged');
  });

  const pkcs8 = () =>
    createPrivateKey(keys.privateKey.reveal()).export({ type: 'pkcs8', format: 'pem' }).toString();
  test.each([
    ['PKCS#8', () => pkcs8()],
    ['CRLF', () => keys.privateKey.reveal().replaceAll('\n', '\r\n')],
    [
      'one line with literal backslashes',
      () => keys.privateKey.reveal().replaceAll('\n', '\\r\\n'),
    ],
  ])('custom: a key as %s is stored in the form that signs', async (_, text) => {
    const { host } = await lockedServer(keys.publicKey);
    const at = await context();
    await addEntry(request(host, { secret: new Secret(text()) }), at);
    const { entries } = await readRegistry(at.registry);
    expect(entries[0]?.clusterSecret?.reveal()).toBe(keys.privateKey.reveal());
  });

  test.each([
    ['key-refused', () => lockedServer(other.publicKey)],
    ['server-open', () => lockedServer()],
    ['server-unreachable', async () => ({ host: await silentHost() })],
  ])('fails with %s, and writes nothing', async (code, server) => {
    const { host } = await server();
    const at = await context();
    const error = await kitErrorOf(() => addEntry(request(host), at));
    expect(error).toMatchObject({ code, exitCode: 3 });
    await expect(readFile(at.registry)).rejects.toThrow('ENOENT');
  });

  test.each([
    ['name-invalid', { name: 'a b' }],
    ['host-invalid', { host: 'ftp://server' }],
    ['host-invalid', { host: 'http://user:word@server' }],
    ['host-invalid', { host: 'http://server/management' }],
    ['key-invalid', { secret: new Secret('not a key') }],
  ])('fails with %s on bad input', async (code, custom) => {
    const at = await context();
    const error = await kitErrorOf(() => addEntry(request('http://localhost:1', custom), at));
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error.message).not.toContain('not a key\n');
  });

  test('fails without a secret, except with allowOpen', async () => {
    const { host } = await lockedServer();
    const at = await context();
    const { secret: _, ...bare } = request(host);
    expect(await kitErrorOf(() => addEntry(bare, at))).toMatchObject({ code: 'secret-missing' });
    expect(await addEntry({ ...bare, allowOpen: true }, at)).toMatchObject({ entry: 'added' });
  });

  test('fails on the name of a foreign entry; --force replaces it', async () => {
    const { host } = await lockedServer(keys.publicKey);
    const at = await context();
    await writeFile(at.registry, 'clusters:\n  team:\n    host: http://elsewhere:1 # theirs\n');
    expect(await kitErrorOf(() => addEntry(request(host), at))).toMatchObject({
      code: 'registry-conflict',
      exitCode: 2,
    });
    expect((await addEntry(request(host, { force: true }), at)).entry).toBe('changed');
  });

  test.each([
    ['key-refused', () => secretServer('another'), 'uses another secret'],
    ['server-open', () => lockedServer(undefined, '1.34.12'), 'managementApiSecret'],
    ['key-refused', () => lockedServer(keys.publicKey), 'or a key pair'],
    ['key-refused', () => lockedServer(keys.publicKey, '1.6.3'), 'support key pairs only'],
  ])('a shared secret fails with %s, and nothing is written', async (code, server, hint) => {
    const at = await context();
    const secret = { secret: new Secret('hush-hush'), kind: 'secret' as const };
    const { host } = await server();
    const error = await kitErrorOf(() => addEntry(request(host, secret), at));
    expect(error).toMatchObject({ code, exitCode: 3 });
    expect(error.message).toContain(hint);
    expect(error.message).not.toContain('hush-hush');
    await expect(readFile(at.registry)).rejects.toThrow('ENOENT');
  });

  test('a shared secret: verified with HS256, stored without its final newline', async () => {
    const { host } = await secretServer('hush-hush');
    const at = await context();
    const secret = { secret: new Secret('hush-hush\r\n'), kind: 'secret' as const };
    const result = { cluster: 'team', host, entry: 'added', verified: true, version: '1.34.12' };
    expect(await addEntry(request(host, secret), at)).toEqual(result);
    const { entries } = await readRegistry(at.registry);
    expect(entries[0]?.clusterSecret?.reveal()).toBe('hush-hush');
    expect((await addEntry(request(host, secret), at)).entry).toBe('unchanged');
  });

  test('a key for a server from 1.27 on: reports the reason', async () => {
    const { host } = await secretServer('hush-hush');
    const at = await context();
    const error = await kitErrorOf(() => addEntry(request(host), at));
    expect(error).toMatchObject({ code: 'key-refused' });
    expect(error.message).toContain(
      'from 1.27 on (this one is 1.34.12) support shared secrets only',
    );
  });

  test('a key for a gateway in front of such a server is accepted', async () => {
    const { host } = await lockedGateway(keys.publicKey);
    const at = await context();
    expect(await addEntry(request(host), at)).toMatchObject({ verified: true, version: '1.34.12' });
    const foreign = { host: (await lockedGateway(other.publicKey)).host, force: true };
    const error = await kitErrorOf(() => addEntry(request(foreign.host, foreign), at));
    expect(error).toMatchObject({ code: 'key-refused' });
    expect(error.message).not.toContain('shared secrets only');
  });

  const variable = ['$', '{env:HUSH}'].join('');
  test.each<[string, 'rsa' | 'secret', () => string, string]>([
    ['secret-invalid', 'secret', () => keys.privateKey.reveal(), '--key-file'],
    ['secret-invalid', 'secret', () => keys.publicKey, '--key-file'],
    ['secret-invalid', 'secret', () => keys.privateKey.reveal().replaceAll('\n', '\\n'), '--key-'],
    ['secret-invalid', 'secret', () => ' \n', 'openssl rand'],
    ['secret-invalid', 'secret', () => variable, 'the value itself'],
    ['key-invalid', 'rsa', () => 'hush-hush', '--secret-file'],
  ])('%s: given as %s, and it is not (%#)', async (code, kind, text, hint) => {
    const at = await context();
    const secret = { secret: new Secret(text()), kind };
    const error = await kitErrorOf(() => addEntry(request('http://localhost:1', secret), at));
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error.message).toContain(hint);
    expect(error.message).not.toContain('hush-hush');
  });

  test('--no-verify makes no request', async () => {
    const at = await context();
    const result = await addEntry(request(await silentHost(), { verify: false }), at);
    expect(result).toMatchObject({ entry: 'added', verified: false, version: null });
  });
});
