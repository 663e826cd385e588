import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../../../service/init/make-folder.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const FILES = [
  { path: 'a', text: 'A' },
  { path: 'b', text: 'B', isPrivate: true },
];

test('two at once: one creates it, the other fails, no draft is left', async () => {
  const root = await temporaryDirectory();
  const path = join(root, 'folder');
  const both = await Promise.allSettled([
    makeFolder(path, FILES, 0o022),
    makeFolder(path, FILES, 0o022),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const failed = both.find((each) => each.status === 'rejected');
  expect(failed?.reason).toMatchObject({ code: 'directory-not-empty' });
  expect(await readdir(root)).toEqual(['folder']);
  expect((await readdir(path)).sort()).toEqual(['a', 'b']);
});

test('a file that cannot get its place: those that have theirs are taken back', async () => {
  const path = await temporaryDirectory();
  await mkdir(join(path, '.git'));
  // A file cannot replace a directory.
  const files = [...FILES, { path: '.git', text: '' }];
  expect(await kitErrorOf(() => makeFolder(path, files, 0o022))).toMatchObject({
    code: 'directory-unusable',
    exitCode: 3,
  });
  expect(await readdir(path)).toEqual(['.git']);
});

test('a text that cannot be written: no directory appears', async () => {
  const root = await temporaryDirectory();
  const files = [...FILES, { path: 'no/such/place', text: '' }];
  expect(await kitErrorOf(() => makeFolder(join(root, 'folder'), files, 0o022))).toMatchObject({
    code: 'directory-unusable',
  });
  expect(await readdir(root)).toEqual([]);
});
