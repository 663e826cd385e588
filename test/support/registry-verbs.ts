import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../../cli/program.js';
import { registerClusterVerbs } from '../../cli/registry/register.js';
import { fakeProcess } from './fake-process.js';
import { temporaryDirectory } from './temporary-directory.js';

/**
 * A home directory with a registry in `.prisma` (0700, 0600), and a way to call verbs in it.
 * Without `text` there is no registry.
 */
export async function homeWithRegistry(text?: string | Buffer) {
  const home = await temporaryDirectory();
  const directory = join(home, '.prisma');
  const path = join(directory, 'config.yml');
  await mkdir(directory, { mode: 0o700 });
  if (text !== undefined) await writeFile(path, text, { mode: 0o600 });
  const run = async (argv: readonly string[], { stdin = '', env = {} } = {}) => {
    const { world, written } = fakeProcess({ env });
    (world.stdin as unknown as NodeJS.WritableStream).end(stdin);
    const code = await runProgram(argv, '0.0.0', [registerClusterVerbs], { ...world, home });
    return { code, ...written };
  };
  const json = async (argv: readonly string[], options = {}) => {
    const { code, stdout } = await run([...argv, '--json'], options);
    return { code, ...JSON.parse(stdout) };
  };
  return { home, directory, path, run, json };
}
