import { writeFile } from 'node:fs/promises';
import { removeTraces } from './engine-traces.js';
import { freePort } from './free-port.js';
import { killProcessesOf } from './own-processes.js';
import { IMAGES, TestProject } from './test-project.js';

export { compiled, IMAGES } from './test-project.js';

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
  /** Other settings of the cluster, by their keys; `database` here takes the place of the container. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/**
 * A project of its own for a test, whose cluster is on the engine of this machine, at a free port.
 * {@link dispose} removes all of it, in whatever state the test left it.
 */
export class TestCluster extends TestProject {
  private constructor(
    directory: string,
    name: string,
    public port: number,
  ) {
    super(directory, name);
  }

  static async create(props: TestClusterProps = {}): Promise<TestCluster> {
    const { directory, name } = await TestProject.ground();
    const cluster = new TestCluster(directory, name, props.port ?? (await freePort()));
    await cluster.configure(props);
    return cluster;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
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
        ...(props.more?.database
          ? []
          : [
              '    database:',
              `      connector: ${connector}`,
              `      image: '${props.databaseImage ?? bundled}'`,
            ]),
        ...Object.entries(props.more ?? {}).map(([k, v]) => `    ${k}: ${JSON.stringify(v)}`),
        '',
      ].join('\n'),
    );
  }

  override async dispose(): Promise<void> {
    await killProcessesOf(this.directory);
    await removeTraces(this.name);
    await super.dispose();
  }
}
