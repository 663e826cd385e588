import { execFileSync } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeStateDir } from '../../../cluster/make-state-dir.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

test('git sees nothing of it, also after git add', async () => {
  const project = await temporaryDirectory();
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', project, ...words], { encoding: 'utf8' });
  git('init', '-q');
  const state = await makeStateDir(join(project, '.clusterkit'));
  await writeFile(join(state, 'local.tfstate'), '{}');
  git('add', '.');
  expect(git('ls-files')).toBe('');
  expect((await stat(join(project, '.clusterkit'))).mode & 0o777).toBe(0o700);
});

test('a second time changes nothing, not even what the user wrote', async () => {
  const stateDir = join(await temporaryDirectory(), '.clusterkit');
  await makeStateDir(stateDir);
  await writeFile(join(stateDir, '.gitignore'), 'mine\n');
  await makeStateDir(stateDir);
  expect(await readFile(join(stateDir, '.gitignore'), 'utf8')).toBe('mine\n');
});
