import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import type { BuildContext } from './context.js';
import { type ContextEntry, unreadable } from './list-files.js';

/**
 * A context as a tar stream; at any time only one piece of one file is in memory. Owners are root, times have whole
 * seconds, as those of the docker CLI. It fails with `app-context-unreadable` (exit 2).
 *
 * @param extra further files for this build alone, by path
 */
export function contextTar(
  context: BuildContext,
  extra: ReadonlyMap<string, string> = new Map(),
): Readable {
  const generated = new Map([...context.generated, ...extra]);
  return Readable.from(read(context, generated), { objectMode: false });
}

async function* read(context: BuildContext, generated: ReadonlyMap<string, string>) {
  const archive = pack();
  const filled = fill(archive, context, generated).then(
    () => archive.finalize(),
    (error: Error) => {
      archive.destroy(error);
      throw error;
    },
  );
  // A reader that stops early does not wait for it.
  filled.catch(() => undefined);
  try {
    yield* archive;
  } catch (error) {
    // The archive only knows that it is broken.
    await filled;
    throw error;
  }
  await filled;
}

async function fill(
  archive: Pack,
  context: BuildContext,
  generated: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [name, text] of generated) {
    archive.entry({ name, mode: 0o644, mtime: new Date(0) }, text);
  }
  for (const entry of context.entries) {
    if (!generated.has(entry.path)) await add(archive, entry, context);
  }
}

async function add(archive: Pack, entry: ContextEntry, context: BuildContext): Promise<void> {
  const mtime = new Date(Math.floor(entry.modified.getTime() / 1000) * 1000);
  const mode = context.modes === 'kept' ? entry.mode : readableMode(entry);
  const header = { name: entry.path, mode, mtime, uid: 0, gid: 0 };
  if (entry.kind === 'link') {
    archive.entry({ ...header, type: 'symlink', linkname: entry.target });
  } else if (entry.kind === 'directory') {
    archive.entry({ ...header, type: 'directory' });
  } else if (entry.size === 0) {
    archive.entry({ ...header, size: 0 }, '');
  } else {
    const file = join(context.directory, entry.path);
    await pipeline(bytesOf(file, entry.size), archive.entry({ ...header, size: entry.size }));
  }
}

/** As many bytes of a file as its header announces. */
async function* bytesOf(path: string, size: number) {
  let left = size;
  try {
    for await (const chunk of createReadStream(path, { end: size - 1 })) {
      left -= (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
  if (left > 0) throw unreadable(path, new Error('it became shorter meanwhile'));
}

const readableMode = ({ kind, mode }: ContextEntry) =>
  kind === 'directory' || (mode & 0o100) !== 0 ? 0o755 : 0o644;
