import { environmentError } from './errors.js';

/** The reader of our output, a pipe or a terminal, has closed it. */
export class ReaderGone extends Error {}

/** Exit code of a program whose reader is gone: 128 + SIGPIPE. */
export const READER_GONE_EXIT = 141;

const GONE = new Set([
  'EPIPE',
  'EIO',
  'ECONNRESET',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

/** Does this error of a stream mean that its reader is gone? */
export const isReaderGone = ({ code = '' }: NodeJS.ErrnoException) => GONE.has(code);

/** Writes bytes; resolves when they are written, so that the caller keeps the reader's pace. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** A stream of this process that passes bytes on unchanged. */
export class Outlet implements ByteSink {
  constructor(private readonly stream: NodeJS.WritableStream) {
    // `write` reports the error. Without a listener it would end the process.
    stream.on('error', () => {});
  }

  /** @throws ReaderGone; KitError `output-failed` (exit 3), such as on a full disk */
  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.stream.write(bytes, (error) => (error ? reject(failure(error)) : resolve()));
    });
  }
}

function failure(error: NodeJS.ErrnoException): Error {
  if (isReaderGone(error)) return new ReaderGone();
  return environmentError('output-failed', {
    message: `cannot write the output: ${error.message}`,
    cause: error,
  });
}
