import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** More than any file that people write. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Reads a file that a user names, as bytes. @throws system errors; Error for what is no file, or too large */
export async function readBoundedFile(path: string, maxBytes = MAX_BYTES): Promise<Buffer> {
  // Without O_NONBLOCK, opening a pipe waits for its other end.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw notRegular(found.isDirectory(), path);
    if (found.size > maxBytes) throw tooLarge(maxBytes);
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      // A file that says 0, as those of /proc, may have more.
      const chunk = Buffer.allocUnsafe(Math.max(found.size - length, 64 * 1024));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length);
      if (bytesRead === 0) return Buffer.concat(chunks);
      length += bytesRead;
      if (length > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

/** {@link readBoundedFile}, as text. */
export const readTextFile = async (path: string, maxBytes = MAX_BYTES): Promise<string> =>
  (await readBoundedFile(path, maxBytes)).toString('utf8');

const tooLarge = (maxBytes: number) =>
  Object.assign(new Error(`it is larger than ${maxBytes / 1024 / 1024} MiB`), {
    code: 'ERR_FS_FILE_TOO_LARGE',
  });

/** Reading a device or a pipe might never end. */
function notRegular(isDirectory: boolean, path: string): Error {
  const what = isDirectory ? 'a directory' : 'a pipe or a device';
  return Object.assign(new Error(`it is ${what}, not a file`), { code: 'EISDIR', path });
}
