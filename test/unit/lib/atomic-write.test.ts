import { lstat, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { atomicWrite, prefixOf, removeTemporaries } from '../../../lib/atomic-write.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const modeOf = async (path: string) => (await stat(path)).mode & 0o7777;

test('keeps the mode of the old file, unless it gets another one', async () => {
  const file = join(await temporaryDirectory(), 'a');
  await atomicWrite(file, 'new');
  expect(await modeOf(file)).toBe(0o600);
  await writeFile(join(file, '..', 'b'), 'old', { mode: 0o640 });
  await atomicWrite(join(file, '..', 'b'), 'new');
  expect(await modeOf(join(file, '..', 'b'))).toBe(0o640);
  await atomicWrite(join(file, '..', 'b'), 'new', { mode: 0o600 });
  expect(await modeOf(join(file, '..', 'b'))).toBe(0o600);
});

test('follows a link, and keeps it', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'target'), 'old');
  await symlink('target', join(directory, 'link'));
  await atomicWrite(join(directory, 'link'), 'new');
  expect((await lstat(join(directory, 'link'))).isSymbolicLink()).toBe(true);
  expect(await readFile(join(directory, 'target'), 'utf8')).toBe('new');
});

test('several writers of an absent file: the first one wins, for all of them', async () => {
  const directory = await temporaryDirectory();
  const file = join(directory, 'key');
  await Promise.all(['a', 'b', 'c'].map((text) => atomicWrite(file, text, { onlyIfAbsent: true })));
  const first = await readFile(file, 'utf8');
  await atomicWrite(file, 'late', { onlyIfAbsent: true });
  expect(await readFile(file, 'utf8')).toBe(first);
  expect(await readdir(directory)).toEqual(['key']);
});

test('removes what killed writers have left, and spares the draft of another writer', async () => {
  const directory = await temporaryDirectory();
  const file = join(directory, 'a');
  const [old, young] = ['old', 'young'].map((name) => join(directory, `${prefixOf(file)}${name}`));
  await writeFile(old ?? '', '');
  await writeFile(young ?? '', '');
  await utimes(old ?? '', 0, 0);
  await atomicWrite(file, 'new');
  expect((await readdir(directory)).sort()).toEqual(['.a.tmp-young', 'a']);
  await removeTemporaries(file);
  expect(await readdir(directory)).toEqual(['a']);
});
