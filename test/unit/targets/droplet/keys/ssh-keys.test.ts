import { execFile } from 'node:child_process';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ssh2 from 'ssh2';
import { describe, expect, test } from 'vitest';
import {
  readKnownHosts,
  removeKnownHosts,
  writeKnownHosts,
} from '../../../../../targets/droplet/keys/known-hosts.js';
import {
  newOpensshKey,
  renderOpensshKey,
} from '../../../../../targets/droplet/keys/openssh-key.js';
import {
  dropBootstrapKey,
  ensureSshKeys,
  readBootstrapKey,
  readLoginKey,
  removeSshKeys,
} from '../../../../../targets/droplet/keys/ssh-keys.js';
import { kitErrorOf } from '../../../../support/kit-error-of.js';
import { temporaryDirectory } from '../../../../support/temporary-directory.js';

const place = async () => join(await temporaryDirectory(), 'keys', 'one');
const ALL = ['bootstrap-host-key', 'bootstrap-host-key.pub', 'login-key', 'login-key.pub'];

describe('newOpensshKey', () => {
  test('makes keys that ssh2 reads and signs with, all of 2000', () => {
    for (let n = 0; n < 2000; n += 1) {
      const key = ssh2.utils.parseKey(newOpensshKey());
      if (key instanceof Error) throw key;
      expect(key.getPublicSSH()).toHaveLength(51);
      if (n % 100 === 0) {
        const data = Buffer.from(String(n));
        expect(key.verify(data, key.sign(data) as Buffer)).toBe(true);
      }
    }
  });

  test('keeps bytes that are zero, as OpenSSH does', async () => {
    const seed = Buffer.alloc(32, 0);
    // RFC 8032's arithmetic for a seed of zeros.
    const point = Buffer.from(
      '3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29',
      'hex',
    );
    const file = join(await temporaryDirectory(), 'key');
    await writeFile(file, renderOpensshKey(point, seed), { mode: 0o600 });
    const { stdout } = await promisify(execFile)('ssh-keygen', ['-y', '-P', '', '-f', file]);
    const wire = Buffer.from(stdout.split(' ')[1] ?? '', 'base64');
    expect(wire.subarray(19).toString('hex')).toBe(point.toString('hex'));
  });
});

describe('ensureSshKeys', () => {
  test('makes both pairs, to their owner only, the same at every call', async () => {
    const directory = await place();
    const all = await Promise.all(Array.from({ length: 6 }, () => ensureSshKeys(directory)));
    const texts = all.map(({ login, bootstrapHost }) =>
      [login, bootstrapHost].map((each) => each.privateKey.reveal() + each.publicKey).join(),
    );
    expect(new Set(texts).size).toBe(1);
    expect(await readdir(directory)).toEqual(ALL);
    for (const name of ALL) expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
    const { login, bootstrapHost } = await ensureSshKeys(directory);
    expect(login.publicKey).toMatch(/^ssh-ed25519 [A-Za-z0-9+/]+=*$/);
    expect(login.publicKey).not.toBe(bootstrapHost.publicKey);
    expect(await readFile(join(directory, 'login-key.pub'), 'utf8')).toBe(`${login.publicKey}\n`);
  });

  test('completes what an interrupted call left', async () => {
    const directory = await place();
    const first = await ensureSshKeys(directory);
    await rm(join(directory, 'login-key.pub'));
    expect((await ensureSshKeys(directory)).login.publicKey).toBe(first.login.publicKey);
    expect(await readdir(directory)).toEqual(ALL);
  });

  test('names a file that is damaged, not its content', async () => {
    const directory = await place();
    await ensureSshKeys(directory);
    await writeFile(join(directory, 'login-key'), 'damaged');
    const error = await kitErrorOf(() => readLoginKey(directory));
    expect(error).toMatchObject({ code: 'key-invalid', exitCode: 2 });
    expect(error.problems[0]?.path).toBe(join(directory, 'login-key'));
    expect(error.message).not.toContain('damaged');
  });
});

describe('the bootstrap key', () => {
  test('is dropped, and another one made for a droplet to come, which stays', async () => {
    const directory = await place();
    const { login, bootstrapHost } = await ensureSshKeys(directory);
    await dropBootstrapKey(directory, bootstrapHost.publicKey);
    expect(await readBootstrapKey(directory)).toBeUndefined();
    expect((await readLoginKey(directory)).publicKey).toBe(login.publicKey);
    const next = await ensureSshKeys(directory);
    expect(next.bootstrapHost.publicKey).not.toBe(bootstrapHost.publicKey);
    await dropBootstrapKey(directory, bootstrapHost.publicKey);
    expect((await readBootstrapKey(directory))?.publicKey).toBe(next.bootstrapHost.publicKey);
  });

  test('goes with the others; then the login key is missed by name', async () => {
    const directory = await place();
    await ensureSshKeys(directory);
    await removeSshKeys(directory);
    await removeSshKeys(directory);
    expect(await readdir(directory)).toEqual([]);
    expect(await kitErrorOf(() => readLoginKey(directory))).toMatchObject({
      code: 'login-key-missing',
    });
  });
});

describe('known hosts', () => {
  const hosts = { host: '203.0.113.7', droplet: '42', keys: ['ssh-ed25519 AAAA'] };

  test('are read as they were written, the last ones, 0600', async () => {
    const directory = await place();
    await ensureSshKeys(directory);
    expect(await readKnownHosts(directory)).toBeUndefined();
    await writeKnownHosts(directory, { ...hosts, bootstrap: 'ssh-ed25519 BBBB' });
    await writeKnownHosts(directory, hosts);
    expect(await readKnownHosts(directory)).toEqual(hosts);
    expect((await stat(join(directory, 'known-hosts.json'))).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual([
      ...ALL.slice(0, 2),
      'known-hosts.json',
      ...ALL.slice(2),
    ]);
    await removeKnownHosts(directory);
    await removeKnownHosts(directory);
    expect(await readKnownHosts(directory)).toBeUndefined();
  });

  test.each([
    '',
    '{}',
    '[]',
    JSON.stringify({ ...hosts, keys: [] }),
    JSON.stringify({ ...hosts, keys: ['ssh-rsa AAAA'] }),
  ])('that cannot be read are not taken for none: %s', async (text) => {
    const directory = await place();
    await ensureSshKeys(directory);
    await writeFile(join(directory, 'known-hosts.json'), text);
    expect(await kitErrorOf(() => readKnownHosts(directory))).toMatchObject({
      code: 'known-hosts-invalid',
      exitCode: 3,
    });
  });
});
