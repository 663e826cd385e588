import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { environmentError } from '../lib/errors.js';
import { findProgram } from '../lib/find-program.js';
import { scratchDirectory } from './exclusive.js';
import type { Progress, SetupContext } from './part.js';
import { runTool } from './run-tool.js';

/** A program that setup builds from a Go module when it is not available otherwise. */
export interface GoProgram {
  /** Its folder in `go-programs/`: revision in `go.mod`, checksums of all sources in `go.sum`. */
  readonly pins: string;
  readonly goPackage: string;
  /** Go variables to set while linking, by their full name. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The file to build. Its directory holds nothing else. */
  readonly target: string;
  /** The alternative for the user, as a sentence. */
  readonly instead: string;
}

/** From 1.21 on, `go` downloads the newer toolchain that a module asks for. */
const OLDEST_MINOR = 21;

/**
 * Builds the program in a scratch directory and renames that into place, with a record of its
 * inputs.
 * @throws KitError `go-missing`, `tool-failed` (exit 3)
 */
export async function buildGoProgram(
  program: GoProgram,
  context: SetupContext,
  progress: Progress,
): Promise<void> {
  const go = await findGo(program, context, progress);
  progress.step('building it from its Go module (some minutes, once)');
  await mkdir(scratchDirectory(context.cacheDir), { recursive: true, mode: 0o700 });
  const scratch = await mkdtemp(join(scratchDirectory(context.cacheDir), 'go-'));
  const [module, built] = [join(scratch, 'module'), join(scratch, 'built')];
  await cp(join(context.root, 'setup/go-programs', program.pins), module, { recursive: true });
  const directory = dirname(program.target);
  const set = Object.entries(program.variables ?? {}).map(([name, value]) => `-X=${name}=${value}`);
  const output = join(built, program.target.slice(directory.length + 1));
  await runTool({
    argv: [
      go,
      'build',
      '-trimpath',
      `-ldflags=${['-s', '-w', ...set].join(' ')}`,
      '-o',
      output,
      program.goPackage,
    ],
    cwd: module,
    env: { ...context.env, GOFLAGS: '-mod=readonly', GOWORK: 'off' },
    progress,
    lockFd: context.lockFd(),
    hint: `Check whether this machine reaches the Go module proxy. ${program.instead}`,
  });
  await writeFile(join(built, 'BUILT-FROM.txt'), await readFile(join(module, 'go.mod')));
  await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
  await rm(directory, { recursive: true, force: true });
  await rename(built, directory);
  await rm(scratch, { recursive: true, force: true });
}

async function findGo(
  { instead }: GoProgram,
  { env }: SetupContext,
  progress: Progress,
): Promise<string> {
  const hint = `Install Go 1.${OLDEST_MINOR} or newer (https://go.dev/dl/). ${instead}`;
  const go = await findProgram('go', env);
  if (go === undefined) {
    throw environmentError('go-missing', {
      message: 'it would be built from its Go module, but there is no `go` on the PATH',
      hint,
    });
  }
  const text = await runTool({ argv: [go, 'version'], env, progress, hint });
  const minor = /go1\.(\d+)/.exec(text)?.[1];
  if (minor !== undefined && Number(minor) < OLDEST_MINOR) {
    throw environmentError('go-missing', { message: `${go} is too old (${text.trim()})`, hint });
  }
  return go;
}
