import { isReaderGone } from '../lib/outlet.js';

/**
 * Listens to what becomes of our words on these streams. That nobody reads them any more (`| head`) is
 * fine: the work goes on, and ends with its own exit code. The result tells the first other failure,
 * such as a full disk.
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
