import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cacheDirectory } from '../../cluster/project.js';
import { consoleSteps } from '../integration/registry/console-blocks.js';
import { tracesOf } from '../support/engine-traces.js';
import { TestCluster } from '../support/test-cluster.js';

const ROOT = process.cwd();
/** What a checkout has and a clone has not, or has as a link. */
const NOT_COPIED = ['node_modules', '.git', '.clusterkit'];

let cluster: TestCluster;
let checkout: string;
beforeAll(async () => {
  cluster = await TestCluster.create();
  // A checkout that is set up, with an empty HOME; its cluster has a name and a port that are free.
  checkout = join(cluster.home, 'clusterkit');
  await mkdir(checkout);
  const filter = (path: string) => path === ROOT || !NOT_COPIED.includes(basename(path));
  await cp(ROOT, checkout, { recursive: true, preserveTimestamps: true, filter });
  await symlink(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  const file = join(checkout, 'clusters.yml');
  await writeFile(file, ours(await readFile(file, 'utf8')));
});
afterAll(() => cluster?.dispose());

/** The pages speak of `local` at port 4466; `scripts/up` means that name. */
const ours = (text: string) =>
  text
    .replaceAll('4466', String(cluster.port))
    .replace(/(?<![\w/.-])local(?![\w-]|host)/g, cluster.name);

const pageWords = (text: string) =>
  text.replaceAll(String(cluster.port), '4466').replaceAll(cluster.name, 'local');

/** What differs from run to run. */
const settled = (line: string) =>
  line
    .replaceAll(cluster.home, '/home/ann')
    .replace(/\b\d+(\.\d+)? ?m?s\b/g, '<time>')
    .replace(/(✓ [\w -]+) <time>$/, '$1')
    .trimEnd();

/** Do the printed lines have the shown ones, in this order? `…` stands for any lines. */
function missingLine(printed: string, shown: string): string | undefined {
  const lines = pageWords(printed).split('\n').map(settled);
  let at = 0;
  let anywhere = false;
  for (const line of shown.split('\n').map(settled)) {
    if (line === '…') {
      anywhere = true;
      continue;
    }
    const found = anywhere ? lines.indexOf(line, at) : lines[at] === line ? at : -1;
    if (found === -1) return line;
    at = found + 1;
    anywhere = false;
  }
  return undefined;
}

/** Runs the commands of a page as a person types them: one shell, which stays where `cd` leads. */
async function follow(page: string): Promise<number> {
  const steps = consoleSteps(await readFile(join(ROOT, page), 'utf8'));
  const place = join(cluster.home, 'place');
  await writeFile(place, checkout);
  const npm = join(cacheDirectory(process.env, homedir()), 'npm');
  const env = cluster.env({ npm_config_cache: npm, npm_config_prefer_offline: 'true' });
  for (const { command, output } of steps) {
    // The scripts mean `local` when no cluster is named.
    const typed = ours(command).replace(/^(scripts\/(?:up|down))/, `$1 ${cluster.name}`);
    const { all, exitCode } = await execa(
      'sh',
      ['-c', `${typed}\ncode=$?; pwd > "$0"; exit $code`, place],
      {
        ...{ cwd: (await readFile(place, 'utf8')).trim(), env, extendEnv: false },
        ...{ stdin: 'ignore', reject: false, all: true },
      },
    );
    expect([exitCode, missingLine(all, output)], `${page}: $ ${typed}\n${all}`).toEqual([
      0,
      undefined,
    ]);
  }
  return steps.length;
}

test.each([
  ['README.md', 5],
  ['docs/tutorial/first-cluster.md', 12],
])('%s, literally, from an empty HOME', async (page, count) => {
  expect(await follow(page)).toBeGreaterThanOrEqual(count);
  expect(await tracesOf(cluster.name)).toEqual([]);
  await rm(join(checkout, 'blog'), { recursive: true });
});
