import { readFile, realpath } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import { isFile, upFrom } from '../prisma-yml/find-prisma-yml.js';
import { type CliVersion, cliVersionOf } from './cli-version.js';

/** The CLI of a service. */
export interface FoundCli {
  /** Path of the program. */
  readonly path: string;
  readonly name: 'prisma1' | 'prisma';
  /** `undefined`: unknown. */
  readonly version: CliVersion | undefined;
}

/** From version 2 on, `prisma` is another product, so the other name comes first. */
const NAMES = ['prisma1', 'prisma'] as const;

/**
 * Finds the CLIs of a service: first those in the nearest `node_modules/.bin` from each of `directories`
 * upward, then those on `PATH`. Skips a `prisma` of version 2 or later.
 */
export async function findClis(
  directories: readonly string[],
  {
    env,
    platform,
    ask,
    fits,
  }: {
    readonly env: NodeJS.ProcessEnv;
    readonly platform: NodeJS.Platform;
    /** Runs a program to read its version, when there is no package to read it from. */
    readonly ask: (path: string) => Promise<string | undefined>;
    /** Ends the search at this one: reading versions takes time. */
    readonly fits: (cli: FoundCli) => boolean;
  },
): Promise<{ readonly clis: readonly FoundCli[]; readonly notes: readonly string[] }> {
  const own = directories.flatMap(upFrom).map((each) => join(each, 'node_modules', '.bin'));
  const path = env.PATH ?? env.Path ?? '';
  const places = [...own, ...path.split(delimiter).filter((each) => each !== '')];
  const notes: string[] = [];
  const clis: FoundCli[] = [];
  for (const place of [...new Set(places)]) {
    for (const name of NAMES) {
      const file = join(place, platform === 'win32' ? `${name}.cmd` : name);
      if (!(await isFile(file))) continue;
      const text = (await packageVersion(file, name)) ?? (await ask(file));
      const version = text === undefined ? undefined : cliVersionOf(text);
      if (text === undefined || version) {
        const cli = { path: file, name, version };
        clis.push(cli);
        if (fits(cli)) return { clis, notes };
      } else notes.push(`${file} is ${name} ${text}, not a Prisma 1 CLI: skipped`);
    }
  }
  return { clis, notes };
}

/** From the package that the link points to, else from the package beside `.bin`. */
async function packageVersion(file: string, name: string): Promise<string | undefined> {
  const real = await realpath(file).catch(() => file);
  const beside = join(dirname(dirname(file)), name);
  // A directory above node_modules is not the package, even when it has its name.
  const inPackage = upFrom(dirname(real));
  const end = inPackage.findIndex((each) => basename(each) === 'node_modules');
  for (const directory of [...inPackage.slice(0, end === -1 ? undefined : end), beside]) {
    try {
      const text = await readFile(join(directory, 'package.json'), 'utf8');
      const found = JSON.parse(text) as { name?: unknown; version?: unknown };
      if (found.name === name && typeof found.version === 'string') return found.version;
    } catch {
      // There is no package in this directory.
    }
  }
  return undefined;
}
