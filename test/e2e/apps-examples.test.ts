import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildImage } from '../../apps/build/build-image.js';
import { type BuiltSource, sourceContext } from '../../apps/build/source-context.js';
import { engine, tracesOf } from '../support/engine-traces.js';
import { followPage, inRun, type PageRun } from '../support/follow-page.js';
import { freePort } from '../support/free-port.js';
import { TestCluster } from '../support/test-cluster.js';

const ROOT = process.cwd();
/** What a checkout has after somebody worked in it. */
const NOT_COPIED = ['node_modules', 'dist', '.clusterkit', '.env'];
/** Files of the example that speak of its cluster and its ports. */
const SPEAKING = ['clusters.yml', 'service/prisma.yml'];

/** The blog in a directory of its own, with a cluster name and ports that are free. */
class BlogExample {
  private constructor(
    readonly cluster: TestCluster,
    readonly words: PageRun['words'],
    readonly directory: string,
  ) {}

  static async create(): Promise<BlogExample> {
    const cluster = await TestCluster.create();
    const ports = await Promise.all(
      ['3000', '3001', '3002'].map(async (page) => [page, `${await freePort()}`] as const),
    );
    const words = [['4466', String(cluster.port)], ...ports, ['local', cluster.name]] as const;
    const directory = join(cluster.directory, 'examples', 'blog');
    await mkdir(directory, { recursive: true });
    const filter = (path: string) => !NOT_COPIED.includes(basename(path));
    await cp(join(ROOT, 'examples', 'blog'), directory, { recursive: true, filter });
    for (const file of SPEAKING) {
      const path = join(directory, file);
      await writeFile(path, inRun(await readFile(path, 'utf8'), words));
    }
    return new BlogExample(cluster, words, directory);
  }

  /** The command `clusterkit` of this checkout, as a person has it. */
  get env() {
    return { PATH: `${join(ROOT, 'scripts')}:${process.env.PATH}` };
  }

  /** Runs the commands of a page. @param from directory that the page starts in */
  follow(page: string, from: string): Promise<number> {
    const { cluster, words, env } = this;
    return followPage(join(ROOT, page), { cluster, words, env, directory: from });
  }

  async kit(...argv: string[]): Promise<string> {
    const run = await execa('clusterkit', argv, {
      ...{ cwd: this.directory, env: this.cluster.env(this.env), extendEnv: false },
      ...{ stdin: 'ignore', reject: false, all: true },
    });
    expect(run.exitCode, `clusterkit ${argv.join(' ')}\n${run.all}`).toBe(0);
    return run.stdout;
  }

  /** Images that were built for it. */
  async images(): Promise<string[]> {
    const reference = [`clusterkit-app/${this.cluster.name}-*`];
    const found = await engine.listImages({ filters: { reference } });
    return found.flatMap(({ RepoTags }) => RepoTags ?? []);
  }

  async dispose(): Promise<void> {
    await this.cluster.dispose();
    for (const image of await this.images()) await engine.getImage(image).remove({ force: true });
  }
}

/** Images of this file alone; the pages find their layers in the engine's cache. */
const LAYERS = `clusterkit-test/blog-layers-${process.pid}`;
const SOURCES: Readonly<Record<string, BuiltSource>> = {
  web: { kind: 'build', directory: 'web' },
  posts: { kind: 'function', path: 'posts' },
  report: { kind: 'build', directory: 'report' },
};

// Each page deploys from nothing, and the packages of three applications are most of its time: they are installed once.
beforeAll(async () => {
  for (const [app, source] of Object.entries(SOURCES)) {
    const context = await sourceContext(source, join(ROOT, 'examples', 'blog'));
    await buildImage(engine, { context, tag: `${LAYERS}:${app}`, labels: {}, env: process.env });
  }
});
afterAll(async () => {
  const found = await engine.listImages({ filters: { reference: [LAYERS] } });
  for (const name of found.flatMap(({ RepoTags }) => RepoTags ?? []))
    await engine.getImage(name).remove();
});

const CLIENTS = ['web', 'posts'].flatMap((app) =>
  ['index.ts', 'prisma-schema.ts'].map((file) => join(app, 'src', 'prisma', file)),
);

describe('the blog, as a user has it', () => {
  let blog: BlogExample;
  beforeAll(async () => {
    blog = await BlogExample.create();
  });
  afterAll(() => blog?.dispose());

  test('its page, literally', async () => {
    const count = await blog.follow('examples/blog/README.md', blog.cluster.directory);
    expect(count).toBeGreaterThanOrEqual(18);
  });

  test('nothing is left behind', async () => {
    expect(await tracesOf(blog.cluster.name)).toEqual([]);
    expect(await blog.images()).toEqual([]);
    expect(await blog.cluster.readRegistry()).toBeUndefined();
  });

  test('the clients that the deployment generated are those in the repository', async () => {
    for (const file of CLIENTS) {
      const generated = await readFile(join(blog.directory, file), 'utf8');
      expect(generated, file).toBe(await readFile(join(ROOT, 'examples', 'blog', file), 'utf8'));
    }
  });
});

describe('the how-to pages, beside a service that is deployed', () => {
  let blog: BlogExample;
  beforeAll(async () => {
    blog = await BlogExample.create();
    await writeFile(join(blog.directory, 'service', '.env'), 'PRISMA_SECRET=a-secret-of-a-test\n');
    await blog.kit('up', blog.cluster.name);
    await execa('npm', ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'], {
      cwd: join(blog.directory, 'service'),
    });
    await blog.kit('deploy', 'service');
  });
  afterAll(() => blog?.dispose());

  test.each([
    ['docs/how-to/connections.md', 3],
    ['docs/how-to/apps.md', 13],
    ['docs/how-to/functions.md', 8],
  ])('%s', async (page, count) => {
    expect(await blog.follow(page, blog.directory)).toBeGreaterThanOrEqual(count);
  });
});
