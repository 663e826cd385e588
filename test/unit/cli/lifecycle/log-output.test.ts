import { describe, expect, test } from 'vitest';
import { jsonLog, plainLog } from '../../../../cli/lifecycle/log-output.js';
import type { LogPiece } from '../../../../targets/common/logs.js';

/** What `open` writes of these pieces. */
async function written(
  open: typeof jsonLog | typeof plainLog,
  pieces: readonly (readonly [LogPiece['source'], LogPiece['stream'], string])[],
  isMixed = false,
  isTerminal = false,
): Promise<string> {
  let text = '';
  const sink = {
    write: async (bytes: Uint8Array) => {
      text += Buffer.from(bytes).toString();
    },
  };
  const output = open(sink, isMixed, isTerminal);
  for (const [n, [source, stream, piece]] of pieces.entries()) {
    await output.write({ source, stream, time: `t${n}`, bytes: Buffer.from(piece) });
  }
  await output.end();
  return text;
}

const PIECES = [
  ['cloud-init', null, 'one\ntw'],
  ['cloud-init', null, 'o'],
  ['first-boot', null, 'three\n'],
  ['cloud-init', null, '\nfour'],
] as const;

describe('plainLog', () => {
  test('bytes as they are', async () => {
    expect(await written(plainLog, PIECES)).toBe('one\ntwothree\n\nfour');
  });

  test('on a terminal, text and its colours only', async () => {
    const pieces = [
      ['server', 'stdout', '\u001b[3'],
      ['server', 'stdout', '1mred\u001b[0m \u001b]52;c;ZXZpbA==\u0007 \u001b[2J\u001b'],
      ['server', 'stderr', 'caf\u00e9\n'],
    ] as const;
    expect(await written(plainLog, pieces, false, true)).toBe(
      '\u001b[31mred\u001b[0m \\u001b]52;c;ZXZpbA==\\u0007 \\u001b[2Jcaf\u00e9\n\\u001b',
    );
  });

  test('of two logs, says which one goes on', async () => {
    expect(await written(plainLog, PIECES, true)).toBe(
      '==> cloud-init <==\none\ntwo\n==> first-boot <==\nthree\n==> cloud-init <==\n\nfour',
    );
  });
});

test('jsonLog: whole lines, each with the time of its beginning', async () => {
  const text = await written(jsonLog, [
    ['server', 'stdout', 'a\n\nb'],
    ['server', 'stderr', 'x\ny'],
    ['server', 'stdout', 'c\n'],
  ]);
  expect(
    text
      .split('\n')
      .slice(0, -1)
      .map((each) => JSON.parse(each)),
  ).toEqual([
    { source: 'server', stream: 'stdout', time: 't0', text: 'a' },
    { source: 'server', stream: 'stdout', time: 't0', text: '' },
    { source: 'server', stream: 'stderr', time: 't1', text: 'x' },
    { source: 'server', stream: 'stdout', time: 't0', text: 'bc' },
    { source: 'server', stream: 'stderr', time: 't1', text: 'y' },
  ]);
});
