import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RedactStream } from '../../../lib/redact-stream.js';
import { redact, Secret } from '../../../lib/secret.js';

const through = (pieces: readonly string[], secrets: readonly string[]) => {
  const stream = new RedactStream(secrets.map((each) => new Secret(each)));
  const out = pieces.map((piece) => stream.push(Buffer.from(piece, 'latin1')).toString('latin1'));
  return [...out, stream.end().toString('latin1')];
};

/** `text` in pieces that end at `cuts`. */
const inPieces = (text: string, cuts: readonly number[]) => {
  const at = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  return at.slice(1).map((end, n) => text.slice(at[n], end));
};

describe('RedactStream', () => {
  test('a secret cut into pieces is blanked; nothing else waits', () => {
    expect(through(['a pass', 'wo', 'rd b', ' p', 'lain'], ['password'])).toEqual([
      'a ',
      '',
      '[secret] b',
      ' ',
      'plain',
      '',
    ]);
  });

  test('text that only starts like a secret is released at the end', () => {
    expect(through(['all pass'], ['password'])).toEqual(['all ', 'pass']);
    expect(through(['all pass\n'], ['password'])).toEqual(['all pass\n', '']);
  });

  test('a secret that another one begins with', () => {
    expect(through(['abc', 'def', 'abcx'], ['abc', 'abcdef']).join('')).toBe('[secret][secret]x');
  });

  test('the lines of a key, in whatever order they come', () => {
    const lines = ['-----BEGIN KEY-----', 'a'.repeat(64), 'b'.repeat(20), 'short'];
    const said = through(
      [`${lines[2]} ${lines[1]?.slice(0, 40)}`, 'a'.repeat(24), ' short'],
      [`${lines.join('\n')}\n`],
    );
    expect(said.join('')).toBe('[secret] [secret] short');
  });

  test('bytes that are not text stay unchanged', () => {
    const bytes = Buffer.from([0, 255, 195, 40, 10, 128]);
    const stream = new RedactStream([new Secret('passwörd')]);
    expect(Buffer.concat([stream.push(bytes), stream.end()])).toEqual(bytes);
    const cut = Buffer.from('a passwörd b');
    const both = [stream.push(cut.subarray(0, 7)), stream.push(cut.subarray(7)), stream.end()];
    expect(Buffer.concat(both).toString()).toBe('a [secret] b');
  });

  test('property: however text is cut, the same comes out as in one piece', () => {
    const letters = fc.stringMatching(/^[xyz]{1,6}$/);
    const text = fc.stringMatching(/^[xyz \n]{0,60}$/);
    fc.assert(
      fc.property(
        text,
        fc.array(letters, { maxLength: 3 }),
        fc.array(fc.nat(60), { maxLength: 8 }),
        (whole, secrets, cuts) => {
          const expected = redact(
            whole,
            secrets.map((each) => new Secret(each)),
          );
          expect(through(inPieces(whole, cuts), secrets).join('')).toBe(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
