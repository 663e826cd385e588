import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LogFrame, logFrames } from '../../../../clients/docker/log-frames.js';

const TIME = '2026-02-01T15:04:05.000000009Z';

const framed = (stream: 1 | 2, bytes: Buffer) => {
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
};

async function read(chunks: readonly Buffer[]): Promise<LogFrame[]> {
  const frames: LogFrame[] = [];
  for await (const each of logFrames(
    (async function* () {
      yield* chunks;
    })(),
  )) {
    frames.push(each);
  }
  return frames;
}

describe('logFrames', () => {
  test('streams, times and bytes', async () => {
    const raw = Buffer.concat([
      framed(1, Buffer.from(`${TIME} one é\n`)),
      framed(2, Buffer.from(`${TIME} \n`)),
      framed(1, Buffer.from('no time')),
      framed(1, Buffer.alloc(0)),
    ]);
    expect(await read([raw])).toEqual([
      { stream: 'stdout', time: TIME, bytes: Buffer.from('one é\n') },
      { stream: 'stderr', time: TIME, bytes: Buffer.from('\n') },
      { stream: 'stdout', time: null, bytes: Buffer.from('no time') },
      { stream: 'stdout', time: null, bytes: Buffer.alloc(0) },
    ]);
  });

  test('property: however the stream is cut', async () => {
    const some = fc.array(fc.tuple(fc.constantFrom(1 as const, 2 as const), fc.uint8Array()));
    await fc.assert(
      fc.asyncProperty(some, fc.array(fc.nat(9), { minLength: 1 }), async (frames, sizes) => {
        const raw = Buffer.concat(
          frames.map(([stream, bytes]) => framed(stream, Buffer.from(bytes))),
        );
        const chunks: Buffer[] = [];
        for (let at = 0, n = 0; at < raw.length; n += 1) {
          const size = (sizes[n % sizes.length] ?? 0) + 1;
          chunks.push(raw.subarray(at, at + size));
          at += size;
        }
        const found = await read(chunks);
        expect(found.map(({ stream, bytes }) => [stream, [...bytes]])).toEqual(
          frames.map(([stream, bytes]) => [stream === 2 ? 'stderr' : 'stdout', [...bytes]]),
        );
      }),
    );
  });

  test('what is cut in the middle of a frame is left out', async () => {
    expect(
      await read([framed(1, Buffer.from('whole')), framed(1, Buffer.from('cut')).subarray(0, 9)]),
    ).toHaveLength(1);
  });
});
