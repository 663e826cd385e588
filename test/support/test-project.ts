import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { killProcessesOf } from './own-processes.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
};

/** The bundled images, as `scripts/setup` makes them. */
export const IMAGES = {
  server: `clusterkit/dev-server:${version}`,
  database: 'clusterkit/postgres:15',
  mysql: 'clusterkit/mysql:10.11',
} as const;

/** Compiled modules of the kit, by their path below `dist`. */
export const compiled = (path: string) => join(ROOT, 'dist', path);

/** How one call of the kit differs from the usual. */
export interface KitCall {
  readonly env?: NodeJS.ProcessEnv;
  /** In a process group of its own, as a shell starts it: Ctrl-C goes to all of that. */
  readonly ownGroup?: boolean;
  /** Its input. @default - none */
  readonly input?: string;
}

/**
 * A project of its own for a test, with one cluster of a unique name: directory with `clusters.yml`,
 * HOME, registry. Only caches are the machine's.
 */
export class TestProject {
  readonly home: string;
  readonly registry: string;
  readonly stateDir: string;
  readonly configFile: string;

  protected constructor(
    readonly directory: string,
    readonly name: string,
  ) {
    this.home = join(directory, 'home');
    this.registry = join(this.home, '.prisma', 'config.yml');
    this.stateDir = join(directory, '.clusterkit');
    this.configFile = join(directory, 'clusters.yml');
  }

  /** A directory with an empty HOME in it, and a name that no other cluster has. */
  protected static async ground(): Promise<{ directory: string; name: string }> {
    const directory = await mkdtemp(join(tmpdir(), 'ck-test-'));
    await mkdir(join(directory, 'home'));
    return { directory, name: `ck-test-${randomBytes(4).toString('hex')}` };
  }

  /** What the kit gets as environment: nothing of the user's but the machine's caches and engine. */
  env(custom: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    const { PATH, DOCKER_HOST, XDG_CACHE_HOME = join(homedir(), '.cache') } = process.env;
    return {
      PATH,
      ...(DOCKER_HOST && { DOCKER_HOST }),
      XDG_CACHE_HOME,
      HOME: this.home,
      ...custom,
    };
  }

  /** Runs `clusterkit …argv` in the project, as a process of its own. */
  kit(argv: readonly string[], custom: KitCall = {}) {
    return execa(process.execPath, [compiled('cli/main.js'), ...argv], {
      cwd: this.directory,
      env: this.env(custom.env),
      extendEnv: false,
      ...(custom.input === undefined ? { stdin: 'ignore' } : { input: custom.input }),
      reject: false,
      all: true,
      detached: custom.ownGroup === true,
      maxBuffer: 50_000_000,
    });
  }

  up = (...argv: string[]) => this.kit(['up', this.name, ...argv]);
  down = (...argv: string[]) => this.kit(['down', this.name, '--yes', ...argv]);
  plan = (...argv: string[]) => this.kit(['plan', this.name, ...argv]);
  status = (...argv: string[]) => this.kit(['status', this.name, ...argv]);

  /** Text of the registry; `undefined` when there is none. */
  readRegistry(): Promise<string | undefined> {
    return readFile(this.registry, 'utf8').catch(() => undefined);
  }

  async writeRegistry(text: string): Promise<void> {
    await mkdir(join(this.home, '.prisma'), { recursive: true, mode: 0o700 });
    await writeFile(this.registry, text, { mode: 0o600 });
  }

  /** Ends its processes and removes its directory. */
  async dispose(): Promise<void> {
    await killProcessesOf(this.directory);
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}
