import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseRegistry } from '../../../registry/file/parse-registry.js';
import { readService } from '../../../service/prisma-yml/read-service.js';
import { parseClusters } from '../../../targets/clusters-file/read.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const bomb = 'bcdefgh'
  .split('')
  .map((name, i) => `x-${name}: &${name} [${Array(9).fill(`*${'abcdefg'[i]}`).join(',')}]`);

/** Texts that no reader of YAML may take a second for, end the process at, or understand. One line for each. */
const HOSTILE: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['aliases that multiply', ['x-a: &a [x]', ...bomb].join('\n'), /aliases/],
  [
    'a chain of merges',
    `a0: &a0 {k: 1}\n${many(999, (i) => `a${i + 1}: &a${i + 1} {<<: *a${i}}`)}`,
    /aliases/,
  ],
  ['thousands of aliases', `a: &a x\n${many(2_000, (i) => `k${i}: *a`)}`, /more than 1000 aliases/],
  ['an alias of itself', 'a: &a [*a]', /no anchor &a/],
  ['an alias of nothing', 'a: *nothing', /no anchor &nothing/],
  ['a merge of a word', 'a: &a word\nb: { <<: *a }', /merge key/],
  ['nested lists', '['.repeat(20_000), /nested/],
  ['nested maps', '{a: '.repeat(10_000), /nested/],
  ['nested dashes', `${'- '.repeat(20_000)}x`, /nested/],
  ['nested keys', '? '.repeat(20_000), /nested/],
  ['5 MB', `a: ${'x'.repeat(5_000_000)}`, /the most is 512 kB/],
  ['500,000 lines', '\n'.repeat(500_000), /words and signs/],
  ['500,000 commas', `[${','.repeat(500_000)}]`, /words and signs/],
  ['500,000 quotes', '"'.repeat(500_000), /words and signs/],
  ['a tag of another language', 'a: !!js/function "return 1"', /tag .* not allowed/],
  ['a tag that nobody knows', 'a: !secret b', /tag .* not allowed/],
  ['two documents', 'a: 1\n---\nb: 2', /second YAML document/],
  ['a key twice', 'a: 1\na: 2', /defined twice/],
  ['a map as key', '? { a: 1 }\n: 2', /plain name/],
  ['the prototype as key', 'clusters: { __proto__: {} }', /cannot be '__proto__'/],
  ['no end', 'a: [1, 2', /end with a \]/],
];

function many(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join('\n');
}

describe.each(HOSTILE)('%s', (_, text, message) => {
  test('in clusters.yml', async () => {
    const { code, problems } = await kitErrorOf(() => parseClusters(text, 'clusters.yml'));
    expect(code).toBe('config-invalid');
    expect(problems[0]?.path).toMatch(/^clusters\.yml:[1-9]\d*:[1-9]\d*$/);
    expect(problems[0]?.message).toMatch(message);
  });

  test('in prisma.yml', async () => {
    const file = join(await temporaryDirectory(), 'prisma.yml');
    await writeFile(file, text);
    const { code, problems } = await kitErrorOf(() => readService(file, { env: {}, opt: {} }));
    expect(code).toBe('prisma-yml-invalid');
    expect(problems[0]?.message).toMatch(message);
  });
});

describe('in the registry, which may be larger', () => {
  const small = HOSTILE.filter(([what]) => !/^5/.test(what));
  test.each(small)('%s', async (_, text, message) => {
    const { code, problems } = await kitErrorOf(() => parseRegistry(text, '/r/config.yml'));
    expect(code).toBe('registry-malformed');
    expect(problems.map((each) => each.message).join('\n')).toMatch(message);
  });
});

test('names that every object has are keys like all others', async () => {
  const text = 'constructor: 1\nclusters: { toString: 1 }\n';
  const { problems } = await kitErrorOf(() => parseClusters(text, 'clusters.yml'));
  expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'clusters.yml:2:13 clusters.toString: should be a name of at most 40 lower-case letters, digits and dashes',
    'clusters.yml:1:1 constructor: is not a known key',
  ]);
});
