import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withPrivateHome } from '../../../lib/service/private-home.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const ended = () =>
  Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));

describe('withPrivateHome', () => {
  test('all of HOME by links, a registry of its own, and gone afterwards', async () => {
    const home = await temporaryDirectory();
    await writeFile(join(home, '.npmrc'), 'mine');
    await mkdir(join(home, '.prisma'));
    await writeFile(join(home, '.prisma', 'config.yml'), 'mine');
    const used = await withPrivateHome(home, 'clusters: {}\n', async (directory) => {
      expect(await readFile(join(directory, '.npmrc'), 'utf8')).toBe('mine');
      const registry = join(directory, '.prisma', 'config.yml');
      expect(await readFile(registry, 'utf8')).toBe('clusters: {}\n');
      expect((await stat(registry)).mode & 0o777).toBe(0o600);
      expect((await stat(directory)).mode & 0o777).toBe(0o700);
      return directory;
    });
    expect(await readdir(tmpdir())).not.toContain(basename(used));
    expect(await readFile(join(home, '.prisma', 'config.yml'), 'utf8')).toBe('mine');
  });

  test('takes away what a killed run left, and nothing of a running one', async () => {
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
});
