import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { removeTraces } from './engine-traces.js';
import { freePort } from './free-port.js';
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

/** What a test may want different in its `clusters.yml`. */
export interface TestClusterProps {
  readonly port?: number;
  readonly serverImage?: string;
  /** @default '1.8' */
  readonly serverVersion?: string;
  /** @default - what the kit chooses for the version */
  readonly auth?: 'rsa' | 'secret';
  /** @default 'postgres' */
  readonly connector?: 'postgres' | 'mysql';
  /** @default - the bundled one of the connector */
  readonly databaseImage?: string;
}

/** How one call of the kit differs from the usual. */
export interface KitCall {
  readonly env?: NodeJS.ProcessEnv;
  /** In a process group of its own, as a shell starts it: Ctrl-C goes to all of that. */
  readonly ownGroup?: boolean;
}

/**
 * A project of its own for a test: directory with `clusters.yml`, HOME, registry, unique cluster
 * name and free port. Only caches are the machine's. {@link dispose} removes all of it, in whatever
 * state the test left it.
 */
export class TestCluster {
  readonly home: string;
  readonly registry: string;
  readonly stateDir: string;
  readonly configFile: string;
  port: number;

  private constructor(
    readonly directory: string,
    readonly name: string,
    port: number,
  ) {
    this.port = port;
    this.home = join(directory, 'home');
    this.registry = join(this.home, '.prisma', 'config.yml');
    this.stateDir = join(directory, '.clusterkit');
    this.configFile = join(directory, 'clusters.yml');
  }

  static async create(props: TestClusterProps = {}): Promise<TestCluster> {
    const directory = await mkdtemp(join(tmpdir(), 'ck-test-'));
    const name = `ck-test-${randomBytes(4).toString('hex')}`;
    const cluster = new TestCluster(directory, name, props.port ?? (await freePort()));
    await mkdir(cluster.home);
    await cluster.configure(props);
    return cluster;
  }

  get endpoint(): string {
    return `http://localhost:${this.port}`;
  }

  /** Writes `clusters.yml`. */
  async configure(props: TestClusterProps = {}): Promise<void> {
    this.port = props.port ?? this.port;
    const { serverImage = IMAGES.server, serverVersion = '1.8', connector = 'postgres' } = props;
    const bundled = connector === 'mysql' ? IMAGES.mysql : IMAGES.database;
    await writeFile(
      this.configFile,
      [
        'clusters:',
        `  ${this.name}:`,
        '    target: docker',
        `    port: ${this.port}`,
        '    server:',
        `      image: '${serverImage}'`,
        `      version: '${serverVersion}'`,
        ...(props.auth ? [`      auth: ${props.auth}`] : []),
        '    database:',
        `      connector: ${connector}`,
        `      image: '${props.databaseImage ?? bundled}'`,
        '',
      ].join('\n'),
    );
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
      stdin: 'ignore',
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

  async dispose(): Promise<void> {
    await killProcessesOf(this.directory);
    await removeTraces(this.name);
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}
