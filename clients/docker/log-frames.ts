/** One piece of a container's log: a line, or a part of a long one. */
export interface LogFrame {
  readonly stream: 'stdout' | 'stderr';
  /** When it was written (RFC 3339, nanoseconds), if the request asked for times. */
  readonly time: string | null;
  readonly bytes: Buffer;
}

const HEAD = 8;
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(?:Z|[+-]\d\d:\d\d)) /;
const TIME_LENGTH = 36;

/**
 * Splits an engine's log stream into frames: heads of 8 bytes (stream, 3 zeros, length as
 * big-endian 32 bit) and that many bytes. Chunks may end anywhere. Removes the time from the text.
 */
export async function* logFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<LogFrame> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.length < HEAD ? Number.POSITIVE_INFINITY : HEAD + rest.readUInt32BE(4);
      if (rest.length < end) break;
      yield frame(rest[0] ?? 0, rest.subarray(HEAD, end));
      rest = rest.subarray(end);
    }
  }
}

function frame(stream: number, bytes: Buffer): LogFrame {
  const time = TIME.exec(bytes.toString('latin1', 0, TIME_LENGTH))?.[1] ?? null;
  return {
    stream: stream === 2 ? 'stderr' : 'stdout',
    time,
    bytes: time === null ? bytes : bytes.subarray(time.length + 1),
  };
}
