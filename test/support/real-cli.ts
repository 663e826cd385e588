import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { cacheDirectory } from '../../cluster/project.js';

/** Real Prisma CLIs that tests run: a version of `prisma`, or `prisma1@` and its version. */
export type RealCli =
  | '1.0.11'
  | '1.4.1'
  | '1.6.3'
  | '1.7.4'
  | '1.8.3'
  | '1.12.0'
  | '1.20.7'
  | '1.26.6'
  | '1.30.5'
  | '1.34.10'
  | 'prisma1@1.34.12';

const PRELOAD = fileURLToPath(new URL('loopback-only.cjs', import.meta.url));

/** Where one call of the CLI runs. */
export interface RealCliCall {
  readonly cwd: string;
  /** Its HOME: the registry is `.prisma/config.yml` below it. */
  readonly home: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** The package that brings a CLI, as npm takes it. */
const specOf = (cli: RealCli) => (cli.includes('@') ? cli : `prisma@${cli}`);

/** The name of a CLI's package, which is its command as well. */
const commandOf = (cli: RealCli) => specOf(cli).replace(/@.*/, '');

/** Most of them need mkdirp 0.5 and do not say so. */
const packagesOf = (cli: RealCli) => [specOf(cli), 'mkdirp@0.5'];

/**
 * The directory of an unmodified CLI from npm. Installed once per machine, beside its other caches;
 * an interrupted installation starts over.
 */
export async function installRealCli(cli: RealCli): Promise<string> {
  const parent = join(cacheDirectory(process.env, homedir()), 'prisma-cli');
  const directory = join(parent, cli);
  if (await isComplete(directory, cli)) return directory;
  const draft = join(parent, `.${cli}.${randomBytes(4).toString('hex')}`);
  await mkdir(draft, { recursive: true });
  try {
    await writeFile(join(draft, 'package.json'), '{"private":true}\n');
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
    await execa('npm', ['install', ...options, ...packagesOf(cli)], {
      cwd: draft,
      stdin: 'ignore',
      timeout: 240_000,
    });
    if (!(await isComplete(directory, cli))) await rm(directory, { recursive: true, force: true });
    await rename(draft, directory).catch(async (error: unknown) => {
      if (!(await isComplete(directory, cli))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return directory;
}

async function isComplete(directory: string, cli: RealCli): Promise<boolean> {
  try {
    for (const name of packagesOf(cli).map((spec) => spec.replace(/@.*/, ''))) {
      await readFile(join(directory, 'node_modules', name, 'package.json'));
    }
    // npm writes it last.
    await readFile(join(directory, 'node_modules', '.package-lock.json'));
    return true;
  } catch {
    return false;
  }
}

/** The directory where the command `prisma` or `prisma1` of a CLI is, for a PATH. */
export const realCliBin = async (cli: RealCli): Promise<string> =>
  join(await installRealCli(cli), 'node_modules', '.bin');

/**
 * Environment that keeps a CLI to a HOME and to this machine, and away from its engine: several boot
 * a server of their own with docker-compose when they do not like the one they find.
 */
export const realCliEnv = (home: string) => ({
  PATH: process.env.PATH,
  HOME: home,
  DOCKER_HOST: 'unix:///nowhere/docker.sock',
  NODE_OPTIONS: `--require ${PRELOAD} --no-deprecation`,
  LOOPBACK_ONLY_LOG: join(home, 'refused-hosts'),
});

/** Runs a real CLI: own HOME, nobody at the keyboard, no traffic beyond this machine. */
export async function realCli(
  cli: RealCli,
  argv: readonly string[],
  { cwd, home, env = {} }: RealCliCall,
) {
  const program = join(await realCliBin(cli), commandOf(cli));
  return execa(process.execPath, [program, ...argv], {
    cwd,
    env: { ...realCliEnv(home), ...env },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    all: true,
    timeout: 300_000,
  });
}
