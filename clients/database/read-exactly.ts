import type { Readable } from 'node:stream';

/**
 * Reads the next `size` bytes and leaves the bytes after them in the stream.
 * @throws Error when the stream ends too early, or fails
 */
export async function readExactly(stream: Readable, size: number): Promise<Buffer> {
  if (size === 0) return Buffer.alloc(0);
  for (;;) {
    const chunk = stream.read(size) as Buffer | null;
    if (chunk?.length === size) return chunk;
    if (chunk !== null || stream.readableEnded || stream.destroyed) throw ended(stream);
    await readable(stream);
  }
}

function readable(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    const events = ['readable', 'end', 'close', 'error'] as const;
    const done = () => {
      for (const event of events) stream.off(event, done);
      resolve();
    };
    for (const event of events) stream.once(event, done);
  });
}

const ended = (stream: Readable) =>
  stream.errored ?? new Error('the other side ended the connection');
