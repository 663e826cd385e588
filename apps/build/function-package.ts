import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../../lib/errors.js';
import type { FunctionFacts } from './function-dockerfile.js';
import { type ContextEntry, readable } from './list-files.js';

const packageSchema = z.object({
  main: z.string().optional(),
  scripts: z.record(z.string(), z.string()).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
  workspaces: z.unknown().optional(),
});
type Package = z.infer<typeof packageSchema>;

const LOCKS = ['npm-shrinkwrap.json', 'package-lock.json'];

/** Scripts that npm runs when it installs. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];

/** Settings of npm that log in to a registry. */
const LOGIN = /^\s*(\/\/[^\s=]*:)?(_authToken|_auth|_password)\s*=/m;

/**
 * Reads what the build of a function depends on.
 * @throws KitError (exit 2) `app-function-unfit`
 */
export async function readPackage(
  directory: string,
  entries: readonly ContextEntry[],
): Promise<FunctionFacts> {
  const paths = new Set(entries.map(({ path }) => path));
  const read = (name: string) => {
    const path = join(directory, name);
    return paths.has(name) ? readable(path, () => readFile(path, 'utf8')) : undefined;
  };
  const found = parse(join(directory, 'package.json'), await read('package.json'));
  const dependencies = { ...found.dependencies, ...found.optionalDependencies };
  const hasBuild = found.scripts?.build !== undefined;
  if (!hasBuild) requireModule(directory, found, paths);
  const all = { ...dependencies, ...(hasBuild && found.devDependencies) };
  const facts: FunctionFacts = {
    packageFiles: ['package.json', ...LOCKS, '.npmrc'].filter((name) => paths.has(name)),
    isLocked: LOCKS.some((name) => paths.has(name)),
    hasDependencies: Object.keys(all).length > 0,
    hasBuild,
    installsFromCode:
      INSTALL_SCRIPTS.some((name) => found.scripts?.[name] !== undefined) ||
      Object.values(all).some((version) => /^(file|link):|^[./~]/.test(version)) ||
      found.workspaces !== undefined,
  };
  if (facts.hasDependencies) refuseLogin(directory, (await read('.npmrc')) ?? '');
  return facts;
}

function parse(path: string, text: string | undefined): Package {
  if (text === undefined) return {};
  try {
    return packageSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw usageError('app-function-unfit', {
      path,
      message: `npm could not read it: ${cause instanceof SyntaxError ? cause.message : 'main, scripts and dependencies have other types'}`,
      hint: 'Correct it: `npm pkg fix` helps.',
      cause,
    });
  }
}

/** The framework loads `main` as Node.js finds it, or else `function.js`. */
function requireModule(directory: string, { main }: Package, paths: ReadonlySet<string>): void {
  const given = (main ?? 'index.js').replace(/^\.\//, '').replace(/\/$/, '');
  const names = [
    given,
    `${given}.js`,
    `${given}.json`,
    `${given}/index.js`,
    'index.js',
    'function.js',
  ];
  if (names.some((name) => paths.has(name))) return;
  throw usageError('app-function-unfit', {
    path: directory,
    message: `the function’s module is missing: there is no ${given}${main === undefined ? '' : ', which package.json names as main'}`,
    hint: 'Set main in package.json to it; or add a build script that makes it.',
  });
}

/** A login would stay in the layers of the build. */
function refuseLogin(directory: string, npmrc: string): void {
  if (!LOGIN.test(npmrc)) return;
  throw usageError('app-function-unfit', {
    path: join(directory, '.npmrc'),
    message: 'it logs in to a registry, and the login would stay in the layers of the build',
    hint: 'Remove the login and bring the packages along (`npm pack`, `file:`); or build with `docker build --secret` and use `image:`.',
  });
}
