import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tracesOf } from '../support/engine-traces.js';
import { followPage, inRun, type PageRun } from '../support/follow-page.js';
import { TestCluster } from '../support/test-cluster.js';

const ROOT = process.cwd();
/** What a checkout has and a clone has not, or has as a link. */
const NOT_COPIED = ['node_modules', '.git', '.clusterkit'];

let cluster: TestCluster;
let checkout: string;
/** The pages speak of `local` at port 4466. */
let words: PageRun['words'];
beforeAll(async () => {
  cluster = await TestCluster.create();
  words = [
    ['4466', String(cluster.port)],
    ['local', cluster.name],
  ];
  // A checkout that is set up, with an empty HOME; its cluster has a name and a port that are free.
  checkout = join(cluster.home, 'clusterkit');
  await mkdir(checkout);
  const filter = (path: string) => path === ROOT || !NOT_COPIED.includes(basename(path));
  await cp(ROOT, checkout, { recursive: true, preserveTimestamps: true, filter });
  await symlink(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  const file = join(checkout, 'clusters.yml');
  await writeFile(file, inRun(await readFile(file, 'utf8'), words));
});
afterAll(() => cluster?.dispose());

test.each([
  ['README.md', 5],
  ['docs/tutorial/first-cluster.md', 12],
])('%s, literally, from an empty HOME', async (page, count) => {
  // The scripts mean `local` when no cluster is named.
  const adapt = (command: string) =>
    command.replace(/^(scripts\/(?:up|down))/, `$1 ${cluster.name}`);
  const run = { cluster, directory: checkout, words, adapt };
  expect(await followPage(join(ROOT, page), run)).toBeGreaterThanOrEqual(count);
  expect(await tracesOf(cluster.name)).toEqual([]);
  await rm(join(checkout, 'blog'), { recursive: true });
});
