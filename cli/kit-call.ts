import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shellWords } from '../lib/shell-words.js';

const SCRIPT = join('scripts', 'clusterkit');
const PROGRAM = join('dist', 'cli', 'main.js');

/**
 * How the user calls this kit, as a line for a shell: `clusterkit` where the PATH leads to it, a path from
 * the current directory inside of the checkout, and an absolute path elsewhere. Never by `npx`, which asks
 * the public registry outside of the checkout, where the name may be anybody's.
 *
 * @param root of the checkout
 */
export function kitCall({
  root,
  cwd,
  path,
}: {
  readonly root: string;
  readonly cwd: string;
  readonly path: string | undefined;
}): string {
  const ours = [SCRIPT, PROGRAM].map((name) => realPath(join(root, name)));
  const found = (path ?? '')
    .split(delimiter)
    .filter((directory) => directory.startsWith(sep))
    .map((directory) => join(directory, 'clusterkit'))
    .find(existsSync);
  if (found !== undefined && ours.includes(realPath(found))) return 'clusterkit';
  const script = join(root, SCRIPT);
  const near = relative(realPath(cwd), realPath(script));
  const nearby = near.includes(sep) ? near : `.${sep}${near}`;
  return shellWords([near.startsWith('..') ? script : nearby]);
}

/** The checkout that contains this code, as source or compiled. */
export function checkoutRoot(): string {
  for (let place = new URL('.', import.meta.url); ; place = new URL('..', place)) {
    if (existsSync(new URL('scripts/clusterkit', place))) return fileURLToPath(place);
    if (place.pathname === '/') return process.cwd();
  }
}

const VERBS =
  'up|down|plan|status|logs|ssh|sweep|deploy|token|init|exec|env|list|doctor|logout|cluster|completion|help';
const CALLS = new RegExp(`(?<![\\w/.-])clusterkit (?=(?:${VERBS})\\b)`, 'g');

/** A message whose commands can be copied: the kit says `clusterkit …` everywhere. */
export const withCall = (text: string, call: string): string =>
  call === 'clusterkit' ? text : text.replace(CALLS, () => `${call} `);

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
