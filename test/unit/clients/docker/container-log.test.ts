import { describe, expect, test } from 'vitest';
import { demultiplex } from '../../../../clients/docker/container-log.js';

const frame = (stream: 1 | 2, text: string) => {
  const body = Buffer.from(text);
  const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
};

describe('demultiplex', () => {
  test('both streams, in order', () => {
    const raw = Buffer.concat([frame(1, 'one\n'), frame(2, 'two\n'), frame(1, 'three\n')]);
    expect(demultiplex(raw)).toBe('one\ntwo\nthree\n');
  });

  test('a character whose bytes are in two frames', () => {
    const bytes = Buffer.from('é');
    const half = (at: number) => {
      const part = frame(1, 'x');
      bytes.copy(part, 8, at, at + 1);
      return part;
    };
    expect(demultiplex(Buffer.concat([half(0), half(1)]))).toBe('é');
  });

  test('a frame that is cut off, and an empty one', () => {
    expect(demultiplex(Buffer.concat([frame(1, ''), frame(1, 'whole')]).subarray(0, -2))).toBe(
      'who',
    );
    expect(demultiplex(Buffer.alloc(5))).toBe('');
    expect(demultiplex(Buffer.alloc(0))).toBe('');
  });
});
