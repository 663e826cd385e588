import { mkdir, readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codesOf } from '../../support/registry-files.js';
import { homeWithRegistry } from '../../support/registry-verbs.js';

describe('any content', () => {
  const check = async (bytes: Buffer) => {
    const { json, path } = await homeWithRegistry(bytes);
    const { code, findings } = await json(['doctor', '--offline', '--fix']);
    expect([0, 4]).toContain(code);
    if (findings.some((each: { code: string }) => each.code === 'registry-malformed')) {
      expect(await readFile(path)).toEqual(bytes);
    }
    return findings as { code: string; path: string }[];
  };

  test('reports the position of a syntax error', async () => {
    const [first] = await check(Buffer.from('clusters:\n  a: {\n'));
    expect(first).toMatchObject({
      code: 'registry-malformed',
      path: expect.stringMatching(/config\.yml:\d+:\d+$/),
    });
    const twice = await check(Buffer.from('clusters:\n  a: {host: h}\n  a: {host: i}\n'));
    expect(twice[0]).toMatchObject({
      code: 'duplicate-name',
      path: expect.stringMatching(/config\.yml:3:3$/),
    });
    expect((await check(Buffer.from([0x61, 0xff, 0xfe])))[0]?.code).toBe('registry-malformed');
  });

  test('a directory in place of the file', async () => {
    const { json, path } = await homeWithRegistry();
    await mkdir(path, { mode: 0o700 });
    expect(codesOf(await json(['doctor', '--fix']))).toEqual(['registry-unreadable']);
  });

  test('never a crash', { timeout: 120_000 }, async () => {
    const pieces = fc.constantFrom(
      ...[
        'clusters',
        ':',
        ': ',
        '\n',
        '\n  ',
        '\n    ',
        'a',
        'host',
        'clusterSecret',
        '{',
        '}',
        '[',
      ],
      ...['"', "'", '|', '&x ', '*x', '<<', '#', '\r\n', '\\n', '-----BEGIN RSA PRIVATE KEY-----'],
      ...[
        'null',
        '~',
        '12',
        '---',
        '!!binary ',
        ['$', '{env:X}'].join(''),
        'http://a',
        '\u0000',
        '__proto__',
      ],
    );
    const texts = fc.array(pieces, { maxLength: 30 }).map((each) => Buffer.from(each.join('')));
    const bytes = fc.uint8Array({ maxLength: 60 }).map((each) => Buffer.from(each));
    await fc.assert(
      fc.asyncProperty(fc.oneof(texts, bytes), async (content) => {
        await check(content);
      }),
      { numRuns: 300 },
    );
  });
});
