import { execFileSync } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withPrivateHome } from '../../../../service/prisma-cli/private-home.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const ended = () =>
  Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));

test('a private HOME has all of the real one except for the registry, and is removed afterwards', async () => {
  const home = await temporaryDirectory();
  await writeFile(join(home, '.npmrc'), 'mine');
  await mkdir(join(home, '.prisma'));
  await writeFile(join(home, '.prisma', 'config.yml'), 'real');
  let seen = '';
  await expect(
    withPrivateHome(home, 'clusters: {}\n', async (directory) => {
      seen = directory;
      expect((await readdir(directory)).sort()).toEqual(['.npmrc', '.prisma']);
      expect(await readFile(join(directory, '.npmrc'), 'utf8')).toBe('mine');
      expect(await readFile(join(directory, '.prisma/config.yml'), 'utf8')).toBe('clusters: {}\n');
      expect((await stat(directory)).mode & 0o777).toBe(0o700);
      const registry = await stat(join(directory, '.prisma/config.yml'));
      expect(registry.mode & 0o777).toBe(0o600);
      throw new Error('stop');
    }),
  ).rejects.toThrow('stop');
  await expect(lstat(seen)).rejects.toThrow('ENOENT');
  expect(await readFile(join(home, '.npmrc'), 'utf8')).toBe('mine');
  expect(await readFile(join(home, '.prisma/config.yml'), 'utf8')).toBe('real');
});

test('removes what a killed run left, and nothing of a running one', async () => {
  const deserted = `clusterkit-home-${ended()}-abcdef`;
  const running = `clusterkit-home-${process.ppid}-abcdef`;
  const home = await temporaryDirectory();
  await mkdir(join(tmpdir(), deserted));
  await mkdir(join(tmpdir(), running));
  await withPrivateHome(home, '', async () => undefined);
  const left = await readdir(tmpdir());
  expect(left).not.toContain(deserted);
  expect(left).toContain(running);
  await withPrivateHome(home, '', async () => undefined);
  execFileSync('rmdir', [join(tmpdir(), running)]);
});
