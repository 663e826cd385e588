import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { compiled, type TestProject } from './test-project.js';

const MODULES = join(process.cwd(), 'node_modules');
const CDKTF = join(MODULES, '.bin', 'cdktf');

/** Makes a project one of `cdktf`, whose app is the kit's. */
export async function makeCdktfProject({
  directory,
}: Pick<TestProject, 'directory'>): Promise<void> {
  await symlink(MODULES, join(directory, 'node_modules'));
  await writeFile(
    join(directory, 'cdktf.json'),
    JSON.stringify({
      language: 'typescript',
      app: `${process.execPath} ${compiled('cli/synthesize.js')}`,
      output: '.clusterkit/cdktf.out',
      projectId: 'ck-test',
      sendCrashReports: 'false',
    }),
  );
}

/** Runs `npx cdktf …argv` in such a project. */
export const cdktf = (project: Pick<TestProject, 'directory' | 'env'>, ...argv: string[]) =>
  execa(CDKTF, argv, {
    cwd: project.directory,
    env: project.env({ CI: '1', CHECKPOINT_DISABLE: '1' }),
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    all: true,
  });
