import { execa } from 'execa';

const TIMEOUT_MS = 20_000;
/** `prisma/1.8.3 (linux-x64)`; from version 2 on a table, `prisma : 5.22.0`. */
const VERSION_LINE = /^prisma1?(?:\/|\s*:\s*)(\d+\.\d+\.\d+\S*)/m;

/**
 * Runs a CLI to read its version. Wrappers of version managers have no package to read it from.
 * @returns `undefined` when the CLI prints none within 20 s
 */
export async function readCliVersion(
  path: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const { stdout } = await execa(path, ['--version'], {
    env: { ...env, NO_UPDATE_NOTIFIER: '1' },
    extendEnv: false,
    stdin: 'ignore',
    stderr: 'ignore',
    timeout: TIMEOUT_MS,
    reject: false,
  });
  return VERSION_LINE.exec(stdout ?? '')?.[1];
}
