import { join } from 'node:path';
import { BUNDLED_GATEWAY } from '../../cluster/bundled-images.js';
import { writeWeb } from './app-sources.js';
import { engine } from './engine-traces.js';
import { freePort } from './free-port.js';
import { TestCluster } from './test-cluster.js';

/** What the application answers. */
export interface Echo {
  readonly version: string;
  readonly bytes: number;
  readonly greeting: string;
  readonly token: string;
}

/** Settings of an application as in `clusters.yml`. */
export type AppEntry = Readonly<Record<string, unknown>>;

/** A cluster with a small application `web`, which is built from the directory `web`; {@link dispose} removes all. */
export class AppProject {
  private constructor(
    readonly cluster: TestCluster,
    /** Port of loopback that leads to `web`. */
    readonly port: number,
  ) {}

  static async create(): Promise<AppProject> {
    const project = new AppProject(await TestCluster.create(), await freePort());
    await project.write('v1');
    await project.configure();
    return project;
  }

  /** Writes the application's directory. @param lines further ones of its Dockerfile */
  async write(version: string, lines: readonly string[] = [], base = BUNDLED_GATEWAY) {
    await writeWeb(join(this.cluster.directory, 'web'), version, lines, base);
  }

  /** The settings of `web`. */
  web(custom: AppEntry = {}): AppEntry {
    const port = `${this.port}:3000`;
    return { build: './web', port, health: '/health', memory: 64, drain: '5s', ...custom };
  }

  /** Writes clusters.yml. @param others applications besides `web` */
  async configure(web: AppEntry | null = {}, others: Readonly<Record<string, AppEntry>> = {}) {
    const apps = { ...(web && { web: this.web(web) }), ...others };
    await this.cluster.configure({ more: Object.keys(apps).length > 0 ? { apps } : {} });
  }

  /** `clusterkit app VERB NAME …`. */
  app(verb: string, argv: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
    return this.cluster.kit(['app', verb, this.cluster.name, ...argv], { env });
  }

  async ask(path = '/', port = this.port): Promise<Echo> {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status}: ${text}`);
    return JSON.parse(text);
  }

  /** Containers of applications with their states, sorted: `web-r1-1 running`. */
  async instances(): Promise<string[]> {
    const label = [`dev.clusterkit.cluster=${this.cluster.name}`, 'dev.clusterkit.role=app'];
    const found = await engine.listContainers({ all: true, filters: { label } });
    const prefix = `/clusterkit-${this.cluster.name}-app-`;
    return found.map(({ Names, State }) => `${Names[0]?.replace(prefix, '')} ${State}`).sort();
  }

  nameOf = (what: string): string => `clusterkit-${this.cluster.name}-${what}`;

  /** Names of the images of applications, sorted: `web:r1`. */
  async images(): Promise<string[]> {
    const prefix = `clusterkit-app/${this.cluster.name}-`;
    const images = await engine.listImages();
    return images
      .flatMap(({ RepoTags }) => RepoTags ?? [])
      .filter((tag) => tag.startsWith(prefix))
      .map((tag) => tag.slice(prefix.length))
      .sort();
  }

  async dispose(): Promise<void> {
    await this.cluster.dispose();
    for (const tag of await this.images()) {
      const reference = `clusterkit-app/${this.cluster.name}-${tag}`;
      await engine
        .getImage(reference)
        .remove({ force: true })
        .catch(() => undefined);
    }
  }
}
