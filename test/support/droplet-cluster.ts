import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readRegistry } from '../../registry/file/read-registry.js';
import { TEST_TOKEN } from './digitalocean/api/server.js';
import { mirrorConfig } from './digitalocean/mirror-config.js';
import { STAND_IN_DELAY, standInProvider } from './digitalocean/provider.js';
import { killProcessesOf } from './own-processes.js';
import { TestAccount, type TestAccountProps } from './test-account.js';
import { IMAGES, TestProject } from './test-project.js';

/** The provider that plays digitalocean/digitalocean. */
export const PROVIDER = await standInProvider(process.env, homedir());

type Settings = Readonly<Record<string, unknown>>;

/**
 * A project of its own for a test, whose cluster is on a droplet of a {@link TestAccount} of its own.
 * The kit runs in processes of its own and gets its provider as from a mirror, by the configuration
 * of Terraform in HOME. {@link dispose} removes all of it, in whatever state the test left it.
 */
export class TestDropletCluster extends TestProject {
  private constructor(
    directory: string,
    name: string,
    readonly account: TestAccount,
  ) {
    super(directory, name);
  }

  /** @param settings keys of the cluster in `clusters.yml`, such as `region` */
  static async create(
    settings: Settings = {},
    account: TestAccountProps = {},
  ): Promise<TestDropletCluster> {
    const opened = await TestAccount.open(account);
    const { directory, name } = await TestProject.ground();
    const cluster = new TestDropletCluster(directory, name, opened);
    await cluster.configure(settings);
    await writeFile(join(cluster.home, '.terraformrc'), mirrorConfig(PROVIDER.mirror));
    return cluster;
  }

  /** Writes `clusters.yml`. */
  async configure(settings: Settings = {}): Promise<void> {
    const cluster = {
      target: 'digitalocean',
      server: { image: IMAGES.server, version: '1.8' },
      database: { connector: 'postgres', image: IMAGES.database },
      ...settings,
    };
    await writeFile(this.configFile, stringify({ clusters: { [this.name]: cluster } }));
  }

  override env(custom: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    return {
      ...super.env(),
      DIGITALOCEAN_TOKEN: TEST_TOKEN,
      DIGITALOCEAN_API_URL: this.account.api.url,
      DIGITALOCEAN_HTTP_RETRY_WAIT_MIN: '0.05',
      DIGITALOCEAN_HTTP_RETRY_WAIT_MAX: '0.5',
      CLUSTERKIT_SOURCE: this.account.droplets.operator,
      [STAND_IN_DELAY]: '0',
      ...custom,
    };
  }

  /** Where the cluster answers, as its entry in the registry says; `undefined` without one. */
  async endpoint(): Promise<string | undefined> {
    const { entries } = await readRegistry(this.registry);
    return entries.find(({ name }) => name === this.name)?.host;
  }

  /** All that is on the account for it with a volume and nothing else, as `account.left()` gives it. */
  parts(): string[] {
    const part = (role: string) => `clusterkit-${this.name}-${role}`;
    return [
      `droplet ${part('droplet')}`,
      `firewall ${part('firewall')}`,
      `ssh_key ${part('login')}`,
      'tag clusterkit',
      `tag clusterkit:${this.name}`,
      `volume ${part('data')}`,
    ];
  }

  /** Where the cluster's secrets are. */
  get keyDirectory(): string {
    return join(this.stateDir, 'keys', this.name);
  }

  override async dispose(): Promise<void> {
    await killProcessesOf(this.directory);
    try {
      await this.account.dispose();
    } finally {
      await super.dispose();
    }
  }
}
