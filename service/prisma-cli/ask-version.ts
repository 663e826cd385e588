import { execa } from 'execa';

const ASK_MS = 20_000;
/** `prisma/1.8.3 (linux-x64)`; from version 2 on a table, `prisma : 5.22.0`. */
const TOLD = /^prisma1?(?:\/|\s*:\s*)(\d+\.\d+\.\d+\S*)/m;

/**
 * The version that a CLI tells of itself: wrappers of version managers have no package.
 * @returns `undefined` when it tells none within 20 s
 */
export async function askForVersion(
  path: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const { stdout } = await execa(path, ['--version'], {
    env: { ...env, NO_UPDATE_NOTIFIER: '1' },
    extendEnv: false,
    stdin: 'ignore',
    stderr: 'ignore',
    timeout: ASK_MS,
    reject: false,
  });
  return TOLD.exec(stdout ?? '')?.[1];
}
