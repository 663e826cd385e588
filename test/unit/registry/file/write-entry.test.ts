import { generateKeyPairSync } from 'node:crypto';
import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../lib/secret.js';
import { listBackups, readBackup } from '../../../../registry/file/backups.js';
import {
  removeCloudSession,
  removeEntry,
  renameEntry,
  writeEntry,
} from '../../../../registry/file/change-entries.js';
import { assertNoConflict } from '../../../../registry/file/ownership.js';
import { readRegistry } from '../../../../registry/file/read-registry.js';
import { registryFiles } from '../../../../registry/file/registry-files.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const newKey = () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 1024,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return new Secret(privateKey);
};
const ours = newKey();
const theirs = newKey();
const entry = { name: 'local', host: 'http://localhost:4466', clusterSecret: ours };
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

async function newRegistry(text?: string): Promise<string> {
  const path = join(await temporaryDirectory(), '.prisma', 'config.yml');
  if (text === undefined) return path;
  await mkdir(dirname(path), { mode: 0o700 });
  await writeFile(path, text);
  return path;
}

describe('writeEntry', () => {
  it('creates file and directory for the owner only, and leaves no lock and no temporary file', async () => {
    const path = await newRegistry();
    expect(await writeEntry(path, entry)).toBe('added');
    expect(await modeOf(path)).toBe('600');
    expect(await modeOf(dirname(path))).toBe('700');
    expect(await readdir(dirname(path))).toEqual(['.config.yml.clusterkit', 'config.yml']);
    const files = await registryFiles(path);
    expect(await modeOf(files.kitDirectory)).toBe('700');
    expect(await modeOf(files.shadow)).toBe('600');
    const { entries, owned } = await readRegistry(path);
    expect(entries.map(({ name, host, line }) => ({ name, host, line }))).toEqual([
      { name: 'local', host: 'http://localhost:4466', line: 2 },
    ]);
    expect(entries[0]?.clusterSecret?.reveal()).toBe(ours.reveal());
    expect(owned.get('local')?.clusterSecret?.reveal()).toBe(ours.reveal());
  });

  it('writes nothing when only the mode changes', async () => {
    const path = await newRegistry();
    await writeEntry(path, entry);
    await chmod(path, 0o644);
    const before = await stat(path);
    expect(await writeEntry(path, entry)).toBe('unchanged');
    const after = await stat(path);
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
    expect(await modeOf(path)).toBe('600');
    expect(await listBackups((await registryFiles(path)).backups)).toEqual([]);
  });

  it('follows links of file and directory, and keeps them', async () => {
    const root = await temporaryDirectory();
    await mkdir(join(root, 'real'));
    await symlink(join(root, 'real'), join(root, '.prisma'));
    await symlink('../elsewhere.yml', join(root, 'real', 'config.yml'));
    await writeFile(join(root, 'elsewhere.yml'), '# mine\n');
    const path = join(root, '.prisma', 'config.yml');
    expect(await writeEntry(path, entry)).toBe('added');
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readlink(path)).toBe('../elsewhere.yml');
    expect(await readFile(join(root, 'elsewhere.yml'), 'utf8')).toMatch(/^# mine\nclusters:\n/);
    expect((await readRegistry(path)).owned.has('local')).toBe(true);
  });

  it('creates the missing target of a link', async () => {
    const root = await temporaryDirectory();
    await symlink('later/config.yml', join(root, 'config.yml'));
    await writeEntry(join(root, 'config.yml'), entry);
    expect(await modeOf(join(root, 'later', 'config.yml'))).toBe('600');
  });

  it('keeps the last five versions', async () => {
    const path = await newRegistry('# first\n');
    for (let port = 1; port <= 7; port += 1) {
      await writeEntry(path, { ...entry, host: `http://localhost:${port}` });
    }
    const { backups } = await registryFiles(path);
    const kept = await listBackups(backups);
    expect(kept).toHaveLength(5);
    expect((await readBackup(backups)).text).toContain('http://localhost:6');
    expect((await readBackup(backups, kept[4]?.id)).text).toContain('http://localhost:2');
    expect(await modeOf(kept[0]?.path ?? '')).toBe('600');
    await expect(readBackup(backups, 'x')).rejects.toMatchObject({ code: 'no-such-backup' });
  });

  it('refuses the name of a foreign entry unless forced', async () => {
    const path = await newRegistry('clusters:\n  local:\n    host: http://other\n');
    const refused = { code: 'registry-conflict', exitCode: 2 };
    await expect(writeEntry(path, entry)).rejects.toMatchObject(refused);
    expect(await readFile(path, 'utf8')).toBe('clusters:\n  local:\n    host: http://other\n');
    expect(await writeEntry(path, entry, { force: true })).toBe('changed');
    expect(await writeEntry(path, { ...entry, clusterSecret: theirs })).toBe('changed');
  });

  it('an entry with our key, or as the kit wrote it, is ours', async () => {
    const path = await newRegistry();
    await writeEntry(path, entry);
    const { shadow } = await registryFiles(path);
    const registry = await readRegistry(path);
    expect(() => assertNoConflict(registry, 'local', { secrets: [theirs] })).not.toThrow();
    await writeFile(shadow, 'damaged');
    const forgetful = await readRegistry(path);
    expect(() => assertNoConflict(forgetful, 'local', { secrets: [ours] })).not.toThrow();
    expect(() => assertNoConflict(forgetful, 'local', { secrets: [theirs] })).toThrow(
      /already has another cluster/,
    );
    expect(() => assertNoConflict(forgetful, 'local', { secrets: [] })).toThrow(/rename local/);
    expect(() => assertNoConflict(forgetful, 'absent', { secrets: [] })).not.toThrow();
  });

  it('identifies a shared secret like a key', async () => {
    const shared = { ...entry, clusterSecret: new Secret('shared words') };
    const path = await newRegistry(
      'clusters:\n  local:\n    host: http://other\n    clusterSecret: shared words\n',
    );
    expect(await writeEntry(path, shared)).toBe('changed');
    await writeFile(path, 'clusters:\n  local:\n    host: http://other\n    clusterSecret: x\n');
    await expect(writeEntry(path, shared)).rejects.toMatchObject({ code: 'registry-conflict' });
    const request = { onlyIfOurs: { secrets: [ours, new Secret('x')] } };
    expect(await removeEntry(path, 'local', request)).toBe('removed');
  });

  it('an entry that another tool wrote under our name is foreign', async () => {
    const path = await newRegistry();
    await writeEntry(path, entry);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/clusterSecret: .*/, 'clusterSecret: other'));
    await expect(writeEntry(path, entry)).rejects.toMatchObject({ code: 'registry-conflict' });
    expect(await removeEntry(path, 'local', { onlyIfOurs: { secrets: [] } })).toBe('foreign');
    expect((await readRegistry(path)).entries).toHaveLength(1);
  });
});

describe('removeEntry', () => {
  it('removes the entry and its shadow copy; absence is no error', async () => {
    const path = await newRegistry('# mine\nclusters:\n  other: {host: http://o}\n');
    await writeEntry(path, entry);
    expect(await removeEntry(path, 'local', { onlyIfOurs: { secrets: [ours] } })).toBe('removed');
    expect(await readFile(path, 'utf8')).toBe('# mine\nclusters:\n  other: {host: http://o}\n');
    expect((await readRegistry(path)).owned.size).toBe(0);
    await expect(stat((await registryFiles(path)).shadow)).rejects.toMatchObject({
      code: 'ENOENT',
    });
    expect(await removeEntry(path, 'local')).toBe('absent');
  });

  it('creates nothing when there is no registry', async () => {
    const path = await newRegistry();
    expect(await removeEntry(path, 'local')).toBe('absent');
    expect(await removeCloudSession(path)).toBe('absent');
    await expect(stat(dirname(path))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('removes the record of an entry that another tool has deleted', async () => {
    const path = await newRegistry();
    await writeEntry(path, entry);
    await writeFile(path, 'clusters: {}\n');
    expect(await removeEntry(path, 'local', { onlyIfOurs: { secrets: [] } })).toBe('absent');
    expect((await readRegistry(path)).owned.size).toBe(0);
  });
});

it('renames an entry together with its shadow', async () => {
  const path = await newRegistry();
  await writeEntry(path, entry);
  await renameEntry(path, 'local', 'eu');
  const { entries, owned } = await readRegistry(path);
  expect([entries[0]?.name, [...owned.keys()]]).toEqual(['eu', ['eu']]);
});

it('reads entries of every kind, and prints no secrets', async () => {
  const path = await newRegistry(
    'clusters:\n  a: &a\n    host: http://a\n    clusterSecret: 123\n  b:\n    <<: *a\n    host: http://b\n  c: {clusterSecret: x}\n  d:\ncloudSessionKey: s3cret\n',
  );
  const registry = await readRegistry(path);
  expect(
    registry.entries.map(({ name, host, clusterSecret, line }) => [
      name,
      host,
      clusterSecret?.reveal(),
      line,
    ]),
  ).toEqual([
    ['a', 'http://a', '123', 2],
    ['b', 'http://b', '123', 5],
  ]);
  expect(registry.broken).toEqual([
    { name: 'c', line: 8 },
    { name: 'd', line: 9 },
  ]);
  expect(registry.cloudSessionKey?.reveal()).toBe('s3cret');
  expect(JSON.stringify(registry)).not.toMatch(/123|s3cret/);
});
