import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { cacheDirectory } from '../../cluster/project.js';
import { consoleSteps } from '../integration/registry/console-blocks.js';
import type { TestCluster } from './test-cluster.js';

/** How the commands of a page are run. */
export interface PageRun {
  readonly cluster: TestCluster;
  /** Where the first command runs. */
  readonly directory: string;
  /** Words of the page, and what they are in this run: names, ports. */
  readonly words: readonly (readonly [page: string, run: string])[];
  /** What a command becomes, after its words. @default - as the page has it */
  readonly adapt?: (command: string) => string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A text of a page, with the words of a run. */
export const inRun = (text: string, words: PageRun['words']): string => swap(text, words);

const inPage = (text: string, words: PageRun['words']): string =>
  swap(
    text,
    words.map(([page, run]) => [run, page]),
  );

/** All at once: what one word became is not another word. */
function swap(text: string, words: PageRun['words']): string {
  const all = new Map(words);
  const pattern = new RegExp([...all.keys()].map(patternOf).join('|'), 'g');
  return text.replace(pattern, (found) => all.get(found) ?? found);
}

/** Numbers and names as whole words: `local` is not in `localhost`, `local-upstream` or a path. */
const patternOf = (word: string): string => {
  if (/^\d+$/.test(word)) return `(?<!\\d)${word}(?!\\d)`;
  return /^[a-z]+$/.test(word) ? `(?<![\\w/.-])${word}(?![\\w-]|host)` : word;
};

/**
 * Runs the `console` blocks of a page as a person types them: one shell, which stays where `cd` leads. Each command
 * ends with 0 and prints what the page shows, where `…` stands for any lines.
 *
 * @returns the number of commands
 */
export async function followPage(page: string, run: PageRun): Promise<number> {
  const { cluster, directory, words, adapt = (command) => command } = run;
  const steps = consoleSteps(await readFile(page, 'utf8'));
  const place = join(cluster.home, 'place');
  await mkdir(cluster.home, { recursive: true });
  await writeFile(place, directory);
  const npm = join(cacheDirectory(process.env, homedir()), 'npm');
  const own = { npm_config_cache: npm, npm_config_prefer_offline: 'true', ...run.env };
  const env = cluster.env(own);
  for (const { command, output } of steps) {
    const typed = adapt(inRun(command, words));
    const { all, exitCode } = await execa(
      'sh',
      ['-c', `${typed}\ncode=$?; pwd > "$0"; exit $code`, place],
      {
        ...{ cwd: (await readFile(place, 'utf8')).trim(), env, extendEnv: false },
        ...{ stdin: 'ignore', reject: false, all: true },
      },
    );
    const printed = inPage(all, words);
    expect(
      [exitCode, missingLine(printed, output, cluster.home)],
      `${page}: $ ${typed}\n${all}`,
    ).toEqual([0, undefined]);
  }
  return steps.length;
}

/** What differs from run to run. */
const settled = (line: string, home: string) =>
  line
    .replaceAll(home, '/home/ann')
    .replace(/\b\d+(\.\d+)? ?m?s\b/g, '<time>')
    .replace(/(✓ [\w -]+) <time>$/, '$1')
    .trimEnd();

/** The first shown line that the printed ones do not have, in their order; `…` stands for any lines. */
function missingLine(printed: string, shown: string, home: string): string | undefined {
  const linesOf = (text: string) => text.split('\n').map((line) => settled(line, home));
  const lines = linesOf(printed);
  let at = 0;
  let anywhere = false;
  for (const line of linesOf(shown)) {
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
