import { environmentError } from './errors.js';

/** Nobody reads any more what we write: the other end of a pipe, or a terminal, is gone. */
export class ReaderGone extends Error {}

/** What programs end with that lose their reader: 128 + SIGPIPE. */
export const READER_GONE_EXIT = 141;

const GONE = new Set([
  'EPIPE',
  'EIO',
  'ECONNRESET',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

/** Does this failure of a stream mean that nobody reads it any more? */
export const isReaderGone = ({ code = '' }: NodeJS.ErrnoException) => GONE.has(code);

/** Takes bytes; ends when they are taken, so that who awaits it keeps to the reader's pace. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** A stream of this process for bytes of others, which pass through us unchanged. */
export class Outlet implements ByteSink {
  constructor(private readonly stream: NodeJS.WritableStream) {
    // It is told to who writes; unheard, it would end the process.
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
  return environmentError(
    'output-failed',
    { message: `what comes cannot be written: ${error.message}` },
    error,
  );
}
