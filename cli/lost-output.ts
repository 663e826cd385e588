import { isReaderGone } from '../lib/outlet.js';

/**
 * Watches these streams for write errors. A reader that is gone (`| head`) is no error: the work
 * continues and ends with its own exit code. The returned function gives the first other error, such as
 * a full disk.
 */
export function watchOutput(
  streams: readonly NodeJS.WritableStream[],
): () => NodeJS.ErrnoException | undefined {
  let failure: NodeJS.ErrnoException | undefined;
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!isReaderGone(error)) failure ??= error;
    });
  }
  return () => failure;
}
