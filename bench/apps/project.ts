import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUNDLED_FUNCTIONS } from '../../cluster/bundled-images.js';
import { askManagement } from '../../prisma/probe/management-client.js';
import { mintClusterToken } from '../../prisma/tokens/cluster-token.js';
import { resolveEntry } from '../../registry/resolve-entry.js';
import { ROOT } from '../contenders.js';
import { ANSWER } from '../http-load.js';
import { runQuietly } from '../timing.js';

/** Milliseconds that `?ms=` makes a request take; without it, it is answered at once. */
const HANDLER = `exports.handler = (request, response) => {
  const answer = () => response.type('json').send('${ANSWER}');
  const ms = Number(request.query.ms ?? 0);
  if (ms > 0) setTimeout(answer, ms); else answer();
};
`;

/** A project of its own with one cluster, and what its applications are built from. */
export class BenchProject {
  readonly name = `bench-${randomBytes(4).toString('hex')}`;
  readonly #registry: string;

  constructor(
    readonly directory: string,
    private readonly port: number,
  ) {
    this.#registry = join(directory, 'registry.yml');
  }

  /** Sources: `./fn/index.js` is a function, `./web` the same as an image of one's own. */
  async writeSources(): Promise<void> {
    for (const name of ['fn', 'web']) {
      await mkdir(join(this.directory, name));
      await writeFile(join(this.directory, name, 'index.js'), HANDLER);
    }
    await writeFile(
      join(this.directory, 'web', 'Dockerfile'),
      `FROM ${BUNDLED_FUNCTIONS}\nCOPY index.js .\n`,
    );
  }

  /** Writes clusters.yml with these applications. */
  async configure(apps: Readonly<Record<string, object>>): Promise<void> {
    const cluster = {
      ...{ target: 'docker', port: this.port },
      server: { image: 'clusterkit/dev-server:0.1.0', version: '1.8' },
      database: { connector: 'postgres', image: 'clusterkit/postgres:15' },
      apps,
    };
    const text = JSON.stringify({ clusters: { [this.name]: cluster } });
    await writeFile(join(this.directory, 'clusters.yml'), text);
  }

  /** Runs `clusterkit …words`. */
  async kit(...words: string[]): Promise<void> {
    const cli = join(ROOT, 'dist/cli/main.js');
    const argv = [process.execPath, cli, ...words, '--registry', this.#registry];
    await runQuietly(argv, this.directory);
  }

  /** Makes the service `bench/dev` on its server, without types. */
  async addService(): Promise<void> {
    const { host, secret } = await resolveEntry(this.#registry, this.name, {});
    const token = await mintClusterToken({
      clusterSecret: secret,
      ttlSeconds: 60,
      now: new Date(),
    });
    const input = '{ name: "bench", stage: "dev" }';
    const query = `mutation { addProject(input: ${input}) { project { name } } }`;
    const { message } = await askManagement({ host, token, query, timeoutMs: 30_000 });
    if (message !== undefined) throw new Error(`the service was not made: ${message}`);
  }
}
