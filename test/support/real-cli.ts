import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { cacheDirectory } from '../../lib/project.js';

const VERSION = '1.6.3';
const PRELOAD = fileURLToPath(new URL('loopback-only.cjs', import.meta.url));

/** Where one call of the CLI runs. */
export interface RealCliCall {
  readonly cwd: string;
  /** Its HOME: the registry is `.prisma/config.yml` below it. */
  readonly home: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The directory of an unmodified `prisma@1.6.3` from npm. Installed once per machine, beside its
 * other caches; an interrupted installation starts over.
 */
export async function installRealCli(): Promise<string> {
  const parent = join(cacheDirectory(process.env, homedir()), 'prisma-cli');
  const directory = join(parent, VERSION);
  if (await isComplete(directory)) return directory;
  const draft = join(parent, `.${VERSION}.${randomBytes(4).toString('hex')}`);
  await mkdir(draft, { recursive: true });
  try {
    await writeFile(join(draft, 'package.json'), '{"private":true}\n');
    // It needs mkdirp 0.5 but does not say so; its install script is not needed.
    const packages = [`prisma@${VERSION}`, 'mkdirp@0.5'];
    await execa('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], {
      cwd: draft,
      stdin: 'ignore',
      timeout: 240_000,
    });
    if (!(await isComplete(directory))) await rm(directory, { recursive: true, force: true });
    await rename(draft, directory).catch(async (error: unknown) => {
      if (!(await isComplete(directory))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return directory;
}

async function isComplete(directory: string): Promise<boolean> {
  try {
    for (const name of ['prisma', 'mkdirp']) {
      await readFile(join(directory, 'node_modules', name, 'package.json'));
    }
    // npm writes it last.
    await readFile(join(directory, 'node_modules', '.package-lock.json'));
    return true;
  } catch {
    return false;
  }
}

/** Runs the real CLI: own HOME, nobody at the keyboard, no traffic beyond this machine. */
export async function realCli(argv: readonly string[], { cwd, home, env = {} }: RealCliCall) {
  const directory = await installRealCli();
  const program = join(directory, 'node_modules', 'prisma', 'dist', 'index.js');
  return execa(process.execPath, [program, ...argv], {
    cwd,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      NODE_OPTIONS: `--require ${PRELOAD} --no-deprecation`,
      LOOPBACK_ONLY_LOG: join(home, 'refused-hosts'),
      ...env,
    },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    all: true,
    timeout: 120_000,
  });
}
