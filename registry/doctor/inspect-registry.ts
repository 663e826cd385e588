import { access, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hasCode, KitError } from '../../lib/errors.js';
import { listBackups } from '../file/backups.js';
import { readRegistry } from '../file/read-registry.js';
import { type RegistryFiles, registryFiles } from '../file/registry-files.js';
import { lockState, readLockOwner } from '../file/registry-lock.js';
import { readShadow } from '../file/shadow-copy.js';
import { temporaryFiles } from '../file/temporary-files.js';
import type { Content, DoctorFacts, ModeFact } from './doctor-facts.js';
import { keyStatesOf } from './key-state.js';

/** The registry and its environment. */
export interface Place {
  /** Path of the registry, as given. */
  readonly path: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/** The directory that the CLIs create for the registry; any other may contain other files. */
const OWN_DIRECTORY = '.prisma';

/** Reads the facts from disk. Changes nothing, probes no server, and never throws because of the content. */
export async function inspectRegistry({ path, env, platform }: Place): Promise<DoctorFacts> {
  let files: RegistryFiles;
  try {
    files = await registryFiles(path);
  } catch (error) {
    return nowhere(path, env, problemsOf(error));
  }
  const [content, owned, lock, count] = await Promise.all([
    contentOf(path, files.file),
    readShadow(files.shadow).catch(() => new Map()),
    lockFact(files.lock),
    listBackups(files.backups).then(
      (backups) => backups.length,
      () => 0,
    ),
  ]);
  return {
    path,
    file: files.file,
    content,
    keys: content.state === 'sound' ? keyStatesOf(content.registry, env) : new Map(),
    owned,
    modes: platform === 'win32' ? [] : await modesAround(files),
    lock,
    temporaries: lock.state === 'held' ? [] : await temporaryFiles(files),
    backups: { path: files.backups, count },
    env,
  };
}

const nowhere = (
  path: string,
  env: DoctorFacts['env'],
  problems: KitError['problems'],
): DoctorFacts => ({
  path,
  file: path,
  content: { state: 'unreadable', problems },
  keys: new Map(),
  owned: new Map(),
  modes: [],
  lock: { path: `${path}.lock`, state: 'none' },
  temporaries: [],
  backups: { path, count: 0 },
  env,
});

async function contentOf(path: string, file: string): Promise<Content> {
  try {
    await access(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { state: 'missing' };
  }
  try {
    return { state: 'sound', registry: await readRegistry(path) };
  } catch (error) {
    const malformed = error instanceof KitError && error.code === 'registry-malformed';
    return { state: malformed ? 'malformed' : 'unreadable', problems: problemsOf(error) };
  }
}

const problemsOf = (error: unknown): KitError['problems'] =>
  error instanceof KitError ? error.problems : [{ message: String(error) }];

async function lockFact(path: string): Promise<DoctorFacts['lock']> {
  try {
    const state = await lockState(path);
    if (state !== 'held') return { path, state };
    const owner = await readLockOwner(path);
    const note = owner && `process ${owner.pid} on ${owner.host} (${owner.command})`;
    return { path, state, note };
  } catch (error) {
    return { path, state: 'unusable', note: problemsOf(error)[0]?.message };
  }
}

async function modesAround(files: RegistryFiles): Promise<ModeFact[]> {
  const { directory, file, kitDirectory, shadow, backups } = files;
  const own = basename(directory) === OWN_DIRECTORY;
  const kept = (await readdir(backups).catch(() => [])).map((name) => join(backups, name));
  const wanted = [
    [directory, own ? 'directory' : 'shared'],
    [file, 'file'],
    [kitDirectory, 'directory'],
    [shadow, 'file'],
    [backups, 'directory'],
    ...kept.map((path) => [path, 'file'] as const),
  ] as const;
  const facts = await Promise.all(wanted.map(([path, kind]) => modeFact(path, kind)));
  return facts.flat();
}

async function modeFact(path: string, kind: ModeFact['kind']): Promise<ModeFact[]> {
  const found = await stat(path).catch(() => undefined);
  const fits = kind === 'file' ? found?.isFile() : found?.isDirectory();
  if (!found || !fits) return [];
  // Root owns most directories that several users share, and reads everything anyway.
  const isOther = found.uid !== process.getuid?.() && !(kind === 'shared' && found.uid === 0);
  return [{ path, kind, mode: found.mode & 0o7777, ...(isOther && { otherOwner: found.uid }) }];
}
