import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeStalePidFiles } from '../../../setup/engine-start.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

test('pid files of a living engine stay; of dead processes and of others they go', async () => {
  const directory = await temporaryDirectory();
  const proc = join(directory, 'proc');
  const processes = { 7: 'dockerd\n', 8: 'node\n' };
  for (const [pid, name] of Object.entries(processes)) {
    await mkdir(join(proc, pid), { recursive: true });
    await writeFile(join(proc, pid, 'comm'), name);
  }
  const paths = ['7', '8', '9', 'nonsense', 'absent'].map((name) => join(directory, `${name}.pid`));
  for (const path of paths.slice(0, 4)) {
    await writeFile(path, path.replace(/.*\/(.*)\.pid$/, '$1'));
  }
  await removeStalePidFiles(paths, proc);
  expect(paths.map((path) => existsSync(path))).toEqual([true, false, false, true, false]);
});
