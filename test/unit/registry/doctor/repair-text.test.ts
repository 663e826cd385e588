import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../lib/secret.js';
import { redactedDiff, redactRegistry } from '../../../../registry/doctor/redacted-diff.js';
import { repairText } from '../../../../registry/doctor/repair.js';
import { parseRegistry } from '../../../../registry/file/parse-registry.js';
import { registryOf } from '../../../../registry/file/read-registry.js';
import type { ShadowEntry } from '../../../../registry/file/shadow-copy.js';

const { privateKey: KEY } = generateKeyPairSync('rsa', {
  modulusLength: 1024,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const ESCAPED = KEY.replaceAll('\n', '\\n');
const recorded = (host: string, secret?: string): ShadowEntry => ({
  host,
  since: '2026-01-01',
  ...(secret && { clusterSecret: new Secret(secret) }),
});

function mended(text: string, owned: Record<string, ShadowEntry> = {}, env = {}) {
  const parsed = parseRegistry(text, 'r');
  const records = { owned: new Map(Object.entries(owned)), retired: new Map() };
  return repairText(parsed, registryOf('r', parsed, records), env);
}

describe('repairText', () => {
  test('does not change a valid registry', () => {
    const text = `# mine\nclusters:\n  a: {host: http://a, clusterSecret: x} # note\n`;
    expect(mended(text, { a: recorded('http://a', 'x') })).toBe(text);
  });

  test('restores a deleted entry below the others', () => {
    const text = '# mine\nclusters: {}\nother: 1\n';
    expect(mended(text, { a: recorded('http://a', KEY) })).toBe(
      `# mine\nclusters:\n  a:\n    host: 'http://a'\n    clusterSecret: ${JSON.stringify(KEY)}\nother: 1\n`,
    );
    expect(mended('', { a: recorded('http://a') })).toBe("clusters:\n  a:\n    host: 'http://a'\n");
  });

  test('an erased secret comes back where the host is the same', () => {
    const text = 'clusters:\n  a:\n    host: http://a\n    x: 1 # kept\n';
    const owned = { a: recorded('http://a', KEY) };
    expect(mended(text, owned)).toBe(
      `clusters:\n  a:\n    host: http://a\n    clusterSecret: ${JSON.stringify(KEY)}\n    x: 1 # kept\n`,
    );
    expect(mended(text, { a: recorded('http://b', KEY) })).toBe(text);
  });

  test.each(['plain', 'single-quoted'])('backslashes become line breaks (%s)', (style) => {
    const value = style === 'plain' ? ESCAPED : `'${ESCAPED}'`;
    const text = `clusters:\n  a:\n    clusterSecret: ${value} # c\n    host: http://a\n  b:\n    host: http://b\n`;
    expect(mended(text)).toBe(text.replace(value, JSON.stringify(KEY)));
  });

  test('an entry that cannot be edited alone stays', () => {
    const text = `key: &k '${ESCAPED}'\nclusters: {a: {host: http://a, clusterSecret: *k}}\n`;
    const result = mended(text);
    expect(parseRegistry(result, 'r').meaning.get('key')).toBe(ESCAPED);
  });

  test('variables stay variables', () => {
    const text = 'clusters:\n  a:\n    host: http://a\n    clusterSecret: $' + '{env:K}\n';
    expect(mended(text, {}, { K: ESCAPED })).toBe(text);
  });

  test('twice is once', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    const secret = fc.constantFrom(undefined, 'shared', KEY, ESCAPED, 'x: y', "it's");
    const entries = fc.dictionary(name, fc.record({ host: fc.webUrl(), secret }));
    fc.assert(
      fc.property(entries, entries, (present, made) => {
        const written = (value: string) =>
          value.includes('\n') ? JSON.stringify(value) : `'${value.replaceAll("'", "''")}'`;
        const lines = Object.entries(present).map(
          ([key, { host, secret: value }]) =>
            `  ${key}:\n    host: ${JSON.stringify(host)}\n    # here\n${value === undefined ? '' : `    clusterSecret: ${written(value)}\n`}`,
        );
        const text = `clusters:\n${lines.join('')}`;
        const owned = Object.fromEntries(
          Object.entries(made).map(([key, { host, secret: value }]) => [
            key,
            recorded(host, value),
          ]),
        );
        const once = mended(text, owned);
        expect(mended(once, owned)).toBe(once);
        const names = [...parseRegistry(once, 'r').entries.keys()];
        expect(new Set(names)).toEqual(new Set([...Object.keys(present), ...Object.keys(made)]));
      }),
      { numRuns: 100 },
    );
  });
});

describe('the difference that is shown', () => {
  const shown = (text: string, owned: Record<string, ShadowEntry> = {}) =>
    redactedDiff('/r', text, mended(text, owned));

  test('of an entry that is back', () => {
    expect(shown('clusters: {}\n', { a: recorded('http://a', KEY) }).split('\n')).toEqual([
      '--- /r\tbefore',
      '+++ /r\tafter',
      '@@ -1,1 +1,4 @@',
      '-clusters: {}',
      '+clusters:',
      '+  a:',
      "+    host: 'http://a'",
      expect.stringMatching(/^\+ {4}clusterSecret: \[key, SHA256:.{43}\]$/),
      '',
    ]);
  });

  test('of backslashes that became line breaks', () => {
    const diff = shown(`clusters:\n  a:\n    host: http://a\n    clusterSecret: '${ESCAPED}'\n`);
    expect(diff).toMatch(/^- {4}clusterSecret: \[key with backslashes, SHA256:/m);
    expect(diff).toMatch(/^\+ {4}clusterSecret: \[key, SHA256:/m);
  });

  test.each([
    `clusters: {a: {host: h, clusterSecret: ${JSON.stringify(KEY)}}}\n`,
    `clusters:\n  a:\n    host: h\n    clusterSecret: |\n${KEY.replace(/^(?=.)/gm, '      ')}    x: 1\n`,
    `k: &k ${JSON.stringify(KEY)}\nclusters: {a: {host: h, clusterSecret: *k}}\n`,
    `# clusterSecret: ${JSON.stringify(KEY)}\nclusters: {}\n`,
    `clusters: {a: {host: h, clusterSecret: {no: ${JSON.stringify(KEY)}}}}\n`,
  ])('no byte of a key is in it (%#)', (text) => {
    const lines = KEY.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    const result = redactRegistry(text);
    for (const line of lines) expect(result).not.toContain(line);
    expect(
      redactRegistry('clusters: {a: {host: h, clusterSecret: hush}}\ncloudSessionKey: psst\n'),
    ).toBe('clusters: {a: {host: h, clusterSecret: [secret]}}\ncloudSessionKey: [secret]\n');
  });
});
