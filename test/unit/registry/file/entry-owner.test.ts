import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../lib/secret.js';
import { listBackups } from '../../../../registry/file/backups.js';
import { removeEntry, renameEntry, writeEntry } from '../../../../registry/file/change-entries.js';
import { tidyRegistry } from '../../../../registry/file/first-state.js';
import { assertNoConflict, isOurs } from '../../../../registry/file/ownership.js';
import { readRegistry } from '../../../../registry/file/read-registry.js';
import { registryFiles } from '../../../../registry/file/registry-files.js';
import { restoreBackup } from '../../../../registry/file/restore-backup.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const secret = new Secret('ours alone');
const entry = { name: 'local', host: 'http://localhost:4466', clusterSecret: secret };
const one = { identity: 'one', place: '/one/.clusterkit' };
const two = { identity: 'two', place: '/two/.clusterkit' };
const newRegistry = async () => join(await temporaryDirectory(), '.prisma', 'config.yml');
const textOf = (path: string) => readFile(path, 'utf8');

describe('an entry belongs to one cluster', () => {
  test.each([
    ['another cluster, by its own key', two, [new Secret('theirs')]],
    ['another cluster, even with the same key', two, [secret]],
    ['a cluster that was never made', { identity: '', place: '/three/.clusterkit' }, []],
  ])('%s neither overwrites nor removes it', async (_, claimant, secrets) => {
    const path = await newRegistry();
    await writeEntry(path, entry, { claimant: one });
    const before = await textOf(path);
    const [theirs = new Secret('theirs')] = secrets;
    await expect(
      writeEntry(path, { ...entry, host: 'http://other', clusterSecret: theirs }, { claimant }),
    ).rejects.toMatchObject({ code: 'registry-conflict', exitCode: 2 });
    const claim = { secrets, owner: claimant };
    expect(await removeEntry(path, 'local', { onlyIfOurs: claim })).toBe('foreign');
    expect(await textOf(path)).toBe(before);
    expect((await readRegistry(path)).owned.get('local')?.owner).toEqual(one);
  });

  test('its own cluster changes and removes it, also with another key', async () => {
    const path = await newRegistry();
    await writeEntry(path, entry, { claimant: one });
    const renewed = { ...entry, clusterSecret: new Secret('renewed') };
    expect(await writeEntry(path, renewed, { claimant: one })).toBe('changed');
    const claim = { secrets: [], owner: one };
    expect(await removeEntry(path, 'local', { onlyIfOurs: claim })).toBe('removed');
  });

  test('an entry that a person added is no cluster’s, unless it has the cluster’s key', async () => {
    const path = await newRegistry();
    await writeEntry(path, entry);
    const registry = await readRegistry(path);
    const refused = () => assertNoConflict(registry, 'local', { secrets: [], owner: one });
    expect(refused).toThrow(/added with clusterkit/);
    expect(refused).toThrow(/another name in clusters.yml.*cluster rename local.*cluster remove/);
    const claim = { secrets: [new Secret('theirs')], owner: one };
    expect(await removeEntry(path, 'local', { onlyIfOurs: claim })).toBe('foreign');
    expect(await writeEntry(path, entry, { claimant: one })).toBe('unchanged');
    expect((await readRegistry(path)).owned.get('local')?.owner).toEqual(one);
  });

  test('a person needs --force to replace the entry of a cluster, and takes it with the same key', async () => {
    const path = await newRegistry();
    await writeEntry(path, entry, { claimant: one });
    const other = { ...entry, clusterSecret: new Secret('other') };
    await expect(writeEntry(path, other)).rejects.toMatchObject({ code: 'registry-conflict' });
    expect(await writeEntry(path, { ...entry, host: 'http://127.0.0.1:4466' })).toBe('changed');
    expect((await readRegistry(path)).owned.get('local')?.owner).toEqual(one);
    await writeEntry(path, other, { force: true });
    expect((await readRegistry(path)).owned.get('local')?.owner).toBeUndefined();
  });

  test('replaced by hand: foreign, and the cluster’s record goes with its removal only', async () => {
    const path = await newRegistry();
    await writeEntry(path, entry, { claimant: one });
    const byHand = (await textOf(path)).replace(/clusterSecret: .*/, 'clusterSecret: by hand');
    await writeFile(path, byHand);
    const registry = await readRegistry(path);
    expect(() => assertNoConflict(registry, 'local', { secrets: [secret], owner: one })).toThrow(
      /not written by clusterkit/,
    );
    const claim = { secrets: [secret], owner: one };
    expect(await removeEntry(path, 'local', { onlyIfOurs: claim })).toBe('foreign');
    expect(await textOf(path)).toBe(byHand);
    expect((await readRegistry(path)).owned.size).toBe(0);
  });

  test('restored from a backup, with a key that its cluster has replaced: its own', async () => {
    const path = await newRegistry();
    await writeEntry(path, entry, { claimant: one });
    await writeEntry(path, { ...entry, clusterSecret: new Secret('new') }, { claimant: one });
    await restoreBackup(path, undefined);
    const registry = await readRegistry(path);
    const [found] = registry.entries;
    if (found === undefined) throw new Error('the backup has an entry');
    expect(found.clusterSecret?.reveal()).toBe('ours alone');
    expect(isOurs(found, { secrets: [new Secret('new')], owner: one }, registry)).toBe(true);
    expect(isOurs(found, { secrets: [], owner: two }, registry)).toBe(false);
  });

  test('a renamed entry keeps its owner', async () => {
    const path = await newRegistry();
    await writeEntry(path, entry, { claimant: one });
    await renameEntry(path, 'local', 'eu');
    expect((await readRegistry(path)).owned.get('eu')?.owner).toEqual(one);
  });
});

describe('tidying', () => {
  /** A cluster that comes and goes. */
  const comeAndGo = async (path: string) => {
    await writeEntry(path, { ...entry, name: 'own' }, { claimant: one });
    await removeEntry(path, 'own', { onlyIfOurs: { secrets: [secret], owner: one } });
    await tidyRegistry(path, { owner: one, secrets: [secret] });
  };

  test('keeps the only copy of a key: an entry that a person added and removed', async () => {
    const path = await newRegistry();
    await writeEntry(path, { ...entry, clusterSecret: new Secret('the only copy') });
    await removeEntry(path, 'local');
    await comeAndGo(path);
    const { backups } = await registryFiles(path);
    const texts = await Promise.all((await listBackups(backups)).map((each) => textOf(each.path)));
    expect(texts.join()).toContain('the only copy');
  });

  test('the key store has lost the key: kept while the cluster may come back, gone with it', async () => {
    const path = await newRegistry();
    await writeEntry(path, { ...entry, name: 'own' }, { claimant: one });
    await writeEntry(path, { ...entry, name: 'own', host: 'http://moved' }, { claimant: one });
    await removeEntry(path, 'own', { onlyIfOurs: { secrets: [], owner: one } });
    const { backups } = await registryFiles(path);
    await tidyRegistry(path, { owner: two, secrets: [] });
    expect(await listBackups(backups)).toHaveLength(2);
    await tidyRegistry(path, { owner: one, secrets: [] });
    await expect(readdir(dirname(path))).rejects.toThrow('ENOENT');
  });

  test('keeps a backup that it cannot read', async () => {
    const path = await newRegistry();
    await writeEntry(path, entry, { claimant: two });
    const { backups } = await registryFiles(path);
    await mkdir(backups, { recursive: true });
    await writeFile(join(backups, '2026-01-01T00-00-00.000Z.000.yml'), 'clusters: [');
    await removeEntry(path, 'local');
    await comeAndGo(path);
    expect(await listBackups(backups)).not.toEqual([]);
  });

  test('two clusters that end one after the other leave nothing', async () => {
    const path = await newRegistry();
    const other = { name: 'other', host: 'http://o', clusterSecret: new Secret('of the other') };
    await writeEntry(path, other, { claimant: two });
    await comeAndGo(path);
    const ended = { owner: two, secrets: [other.clusterSecret] };
    await removeEntry(path, 'other', { onlyIfOurs: ended });
    await tidyRegistry(path, ended);
    expect(await readdir(dirname(dirname(path)))).toEqual([]);
  });
});
