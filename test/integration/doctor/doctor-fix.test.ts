import { chmod, mkdir, open, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tryLock } from 'fs-native-extensions';
import { describe, expect, test } from 'vitest';
import { newKeyPair } from '../../../cluster/keys/key-pair.js';
import { writeEntry } from '../../../registry/file/change-entries.js';
import { lockedServer } from '../../support/locked-server.js';
import { codesOf, snapshot } from '../../support/registry-files.js';
import { homeWithRegistry } from '../../support/registry-verbs.js';

const ours = await newKeyPair();
const KEY = ours.privateKey.reveal();
/** Where the kit locks its lock files. */
const LOCK_BYTE = 0x40000000;
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('clusterkit doctor --fix', () => {
  test('modes, of the kit’s own files too', async () => {
    const { json, path, directory } = await homeWithRegistry();
    await writeEntry(path, { name: 'a', host: 'http://a', clusterSecret: ours.privateKey });
    await writeEntry(path, { name: 'b', host: 'http://b', clusterSecret: ours.privateKey });
    const kit = join(directory, '.config.yml.clusterkit');
    const backups = join(kit, 'backups');
    const [backup = ''] = await readdir(backups);
    const files = [path, join(kit, 'entries.json'), join(backups, backup)];
    for (const file of files) await chmod(file, 0o644);
    for (const each of [directory, kit, backups]) await chmod(each, 0o755);
    expect((await json(['doctor', '--offline'])).code).toBe(4);
    const { code, fixed } = await json(['doctor', '--offline', '--fix']);
    expect([code, fixed.length]).toEqual([0, 6]);
    for (const file of files) expect(await modeOf(file)).toBe(0o600);
    for (const each of [directory, kit, backups]) expect(await modeOf(each)).toBe(0o700);
  });

  test('keeps the mode of a directory with other files', async () => {
    const { home, json } = await homeWithRegistry();
    const shared = join(home, 'project');
    await mkdir(shared);
    await chmod(shared, 0o777);
    await writeFile(join(shared, 'r.yml'), 'clusters: {}\n', { mode: 0o600 });
    const argv = ['doctor', '--fix', '--registry', join(shared, 'r.yml')];
    expect(await json(argv)).toMatchObject({ code: 4, findings: [{ code: 'directory-mode' }] });
    expect(await modeOf(shared)).toBe(0o777);
  });

  test('entries that a CLI from 1.9 on erased are back, and the difference is shown', async () => {
    const { json, path } = await homeWithRegistry('# mine\nother: 1\n');
    const { host } = await lockedServer(ours.publicKey);
    await writeEntry(path, { name: 'a', host, clusterSecret: ours.privateKey });
    const made = await readFile(path, 'utf8');
    await writeFile(path, 'clusters: {}\n');
    expect(codesOf(await json(['doctor', '--offline']))).toEqual([
      'entry-erased a',
      'backups-present',
    ]);
    const first = await json(['doctor', '--fix']);
    expect(first).toMatchObject({ code: 0, healthy: true, fixed: [{ code: 'entry-erased' }] });
    expect(first.diff).toContain(`+    host: '${host}'`);
    expect(first.diff).toContain('+    clusterSecret: [key, SHA256:');
    expect(JSON.stringify(first)).not.toContain(KEY.split('\n')[1]);
    expect(await readFile(path, 'utf8')).toBe(made.replace('# mine\nother: 1\n', ''));
    // What the user took out through the kit stays out.
    expect((await json(['cluster', 'remove', 'a']))[0]).toMatchObject({ entry: 'removed' });
    expect(codesOf(await json(['doctor', '--offline']))).toEqual(['backups-present']);
  });

  test('removes the lock file and temporary files, keeps other files', async () => {
    const { json, path, directory } = await homeWithRegistry('clusters: {}\n');
    const backups = join(directory, '.config.yml.clusterkit', 'backups');
    await mkdir(backups, { recursive: true, mode: 0o700 });
    await chmod(join(backups, '..'), 0o700);
    const litter = [
      `${path}.lock`,
      join(directory, '.config.yml.tmp-1-x'),
      join(backups, '..', '.entries.json.tmp-1-x'),
      join(backups, '.2026-01-01T00-00-00.000Z.000.yml.tmp-1-x'),
    ];
    for (const file of litter) await writeFile(file, 'x', { mode: 0o600 });
    await writeFile(join(directory, 'config.yml.orig'), 'mine');
    expect(codesOf(await json(['doctor']))).toEqual([
      'lock-left',
      'temporary-left',
      'temporary-left',
      'temporary-left',
    ]);
    expect(await json(['doctor', '--fix'])).toMatchObject({ code: 0, findings: [] });
    expect((await readdir(directory)).sort()).toEqual([
      '.config.yml.clusterkit',
      'config.yml',
      'config.yml.orig',
    ]);
    expect(await readdir(backups)).toEqual([]);
  });

  test('reports a lock that a running process holds, and keeps its files', async () => {
    const { json, path, directory } = await homeWithRegistry('clusters: {}\n');
    await writeFile(join(directory, '.config.yml.tmp-1-x'), 'x', { mode: 0o600 });
    const handle = await open(`${path}.lock`, 'a+', 0o600);
    await handle.write('{"pid":4711,"host":"far","command":"clusterkit up a"}');
    tryLock(handle.fd, LOCK_BYTE, 1);
    try {
      const result = await json(['doctor', '--fix']);
      expect([result.code, codesOf(result)]).toEqual([0, ['lock-held']]);
      expect(result.findings[0].message).toContain('process 4711 on far (clusterkit up a)');
    } finally {
      await handle.close();
    }
  });

  test('everything at once, through a link, and twice is once', async () => {
    const { json, home, path, directory } = await homeWithRegistry();
    const real = join(home, 'dotfiles.yml');
    const backslashes = KEY.replaceAll('\n', '\\r\\n');
    const text = `# mine\r\nclusters:\r\n  a: # first\r\n    host: http://a\r\n    clusterSecret: '${backslashes}'\r\n    x: &x 1\r\n  b: {host: http://b, clusterSecret: ${backslashes}}\r\nrest: *x\r\n`;
    await writeFile(real, text, { mode: 0o644 });
    await symlink(real, path);
    expect((await json(['doctor', '--offline'])).code).toBe(4);
    const fixed = await json(['doctor', '--offline', '--fix']);
    expect(fixed.code).toBe(0);
    const crlf = JSON.stringify(KEY.replaceAll('\n', '\r\n'));
    expect(await readFile(real, 'utf8')).toBe(
      text.replace(`'${backslashes}'`, crlf).replace(` ${backslashes}}`, ` ${crlf}}`),
    );
    expect(await readdir(directory)).toEqual(['config.yml']);
    const before = await snapshot(home);
    expect(await json(['doctor', '--offline', '--fix'])).toMatchObject({ fixed: [], diff: '' });
    expect(await snapshot(home)).toEqual(before);
  });
});
