import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, usageError } from '../../lib/errors.js';
import { requireSaneSize } from './context-size.js';
import { ignoreRules } from './ignore-rules.js';
import {
  type ContextEntry,
  listFiles,
  readable,
  requireDirectory,
  unreadable,
} from './list-files.js';

/** What a build sends to an engine. Files are read when they are sent. */
export interface BuildContext {
  readonly directory: string;
  readonly entries: readonly ContextEntry[];
  /** Files that only the build has, by their path in it; they replace those of the directory. */
  readonly generated: ReadonlyMap<string, string>;
  /** `kept`: as in the directory. `readable`: everybody may read, and start what its owner may start. */
  readonly modes: 'kept' | 'readable';
}

/** Builders need both, also when a rule leaves them out: the engine then hides them from `COPY`. */
const BUILDERS_OWN = new Set(['Dockerfile', '.dockerignore']);

/**
 * The context of a directory with a Dockerfile.
 * @throws KitError (exit 2) `app-context-missing`, `app-dockerfile-missing`, `app-context-unreadable`,
 * `app-context-too-big`
 */
export async function dockerfileContext(directory: string): Promise<BuildContext> {
  await requireDirectory(directory);
  const entries = await entriesOf(directory);
  if (!entries.some(({ path, kind }) => path === 'Dockerfile' && kind !== 'directory')) {
    throw usageError('app-dockerfile-missing', {
      path: join(directory, 'Dockerfile'),
      message: 'the directory to build from has no Dockerfile',
      hint: 'Write one; or use `image:` for an image that exists, `function:` for a function.',
    });
  }
  return { directory, entries, generated: new Map(), modes: 'kept' };
}

/**
 * What a build receives of a directory.
 * @param defaults lines before those of `.dockerignore`, which may include again what they leave out
 */
export async function entriesOf(
  directory: string,
  defaults: readonly string[] = [],
): Promise<readonly ContextEntry[]> {
  const file = join(directory, '.dockerignore');
  const own = await readable(file, () =>
    readFile(file, 'utf8').catch((error) => {
      if (hasCode(error, 'ENOENT')) return '';
      throw error;
    }),
  );
  const rules = ignoreRules([...defaults, own].join('\n'));
  const entries = await listFiles(directory, rules, (path) => BUILDERS_OWN.has(path));
  requireSaneSize(directory, entries);
  return entries;
}

/**
 * Digest of what decides the result of a build: paths, contents, targets of links, and who may start a file. Owner,
 * times and other modes do not count, so that every checkout has the same. `sha256:` and 64 hexadecimal digits.
 *
 * @throws KitError (exit 2) `app-context-unreadable`
 */
export async function digestOf(context: BuildContext): Promise<string> {
  const hash = createHash('sha256');
  const add = (...parts: readonly string[]) => {
    for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}\0`);
  };
  for (const [path, text] of [...context.generated].sort(([a], [b]) => (a < b ? -1 : 1))) {
    add('generated', path, text);
  }
  for (const entry of context.entries) {
    if (context.generated.has(entry.path)) continue;
    if (entry.kind === 'link') add('link', entry.path, entry.target);
    if (entry.kind !== 'file') continue;
    const isProgram = (entry.mode & 0o100) !== 0;
    const content = await contentDigest(join(context.directory, entry.path));
    add(isProgram ? 'program' : 'file', entry.path, content);
  }
  return `sha256:${hash.digest('hex')}`;
}

async function contentDigest(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  return hash.digest('hex');
}
