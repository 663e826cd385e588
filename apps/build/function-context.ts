import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { hasCode, usageError } from '../../lib/errors.js';
import { type BuildContext, entriesOf } from './context.js';
import { functionDockerfile } from './function-dockerfile.js';
import { readPackage } from './function-package.js';
import { type ContextEntry, listFiles, requireDirectory } from './list-files.js';

/** Left out of functions, unless a line of `.dockerignore` includes it again. */
const LEFT_OUT = ['**/node_modules', '**/.git', '**/.env', '**/.env.*', '**/.DS_Store'];

/** The engine hides these from `COPY`. */
const HIDDEN = 'Dockerfile\n.dockerignore\n';

const MODULE = /\.(js|mjs|cjs|ts|mts|cts)$/;

/**
 * The context of a function: a directory with `package.json` or `index.js`, or one file, which has no packages
 * beside those of the image.
 *
 * @throws KitError (exit 2) `app-function-unfit`, and those of `dockerfileContext`
 */
export async function functionContext(path: string): Promise<BuildContext> {
  if (await isFile(path)) return fileContext(path);
  await requireDirectory(path);
  const entries = await entriesOf(path, LEFT_OUT);
  const facts = await readPackage(path, entries);
  const generated = new Map([
    ['Dockerfile', functionDockerfile(facts)],
    ['.dockerignore', HIDDEN],
  ]);
  return { directory: path, entries: withoutLogins(entries, facts), generated, modes: 'readable' };
}

/** Where nothing is installed, npm's settings have no use. */
const withoutLogins = (
  entries: readonly ContextEntry[],
  { hasDependencies, hasBuild }: { hasDependencies: boolean; hasBuild: boolean },
) => (hasDependencies || hasBuild ? entries : entries.filter(({ path }) => path !== '.npmrc'));

async function fileContext(path: string): Promise<BuildContext> {
  const name = basename(path);
  if (!MODULE.test(name)) {
    throw usageError('app-function-unfit', {
      path,
      message: 'the file of a function ends in .js, .mjs, .cjs, .ts, .mts or .cts',
      hint: 'Rename it; or use `image:` for a function in another language, which listens on PORT.',
    });
  }
  const alone = { ignores: (each: string) => each !== name, reachesInto: () => false };
  const entries = await listFiles(dirname(path), alone, () => false);
  const nothing = { packageFiles: [], isLocked: false, installsFromCode: false };
  const dockerfile = functionDockerfile({ ...nothing, hasDependencies: false, hasBuild: false });
  const generated = new Map([
    ['Dockerfile', dockerfile],
    ['.dockerignore', HIDDEN],
    ['package.json', `${JSON.stringify({ private: true, main: `./${name}` })}\n`],
  ]);
  return { directory: dirname(path), entries, generated, modes: 'readable' };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return false;
    throw error;
  }
}
