import { mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeDirectory } from '../../../lib/make-directory.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test('makes what is missing, for its owner only, and says where that begins', async () => {
  const root = await temporaryDirectory();
  expect(await makeDirectory(join(root, 'a', 'b', 'c'))).toBe(join(root, 'a'));
  expect(await modeOf(join(root, 'a', 'b'))).toBe(0o700);
  expect(await makeDirectory(join(root, 'a', 'b', 'c'))).toBeUndefined();
  expect(await makeDirectory(join(root, 'a', 'd'))).toBe(join(root, 'a', 'd'));
});

test('several at once make it once', async () => {
  const root = await temporaryDirectory();
  await Promise.all(Array.from({ length: 20 }, () => makeDirectory(join(root, 'a', 'b'))));
  expect(await modeOf(join(root, 'a', 'b'))).toBe(0o700);
});

test('ends where the system refuses: below /proc, at a file, at a link to nothing', async () => {
  const root = await temporaryDirectory();
  await writeFile(join(root, 'file'), '');
  await symlink(join(root, 'nothing'), join(root, 'link'));
  await mkdir(join(root, 'there'));
  await expect(makeDirectory('/proc/.prisma/deep')).rejects.toThrow('ENOENT');
  await expect(makeDirectory(join(root, 'file'))).rejects.toThrow('EEXIST');
  await expect(makeDirectory(join(root, 'file', 'deep'))).rejects.toThrow('ENOTDIR');
  await expect(makeDirectory(join(root, 'link'))).rejects.toThrow('EEXIST');
});
