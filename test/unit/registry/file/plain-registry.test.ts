import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMap } from 'yaml';
import { parseAnyRegistry } from '../../../../registry/file/parse-registry.js';
import type { FileMap, ParsedRegistry } from '../../../../registry/file/parsed-registry.js';
import { parsePlainRegistry } from '../../../../registry/file/plain-registry.js';
import { sampleRegistry, textOf } from './registry-texts.js';

/** Everything that edits and reads use of a parsed registry, as plain values. */
const factsOf = ({ meaning, entries, top, clusters, clusterMap, lineOf }: ParsedRegistry) => ({
  meaning,
  clusters: clusters?.key.range,
  top: top && rangesOf(top),
  clusterMap: clusterMap && rangesOf(clusterMap),
  entries: [...entries].map(([name, { key, value }]) => [
    name,
    key.range,
    lineOf(key.range[0]),
    isMap(value) && rangesOf(value as FileMap),
  ]),
});

const rangesOf = (map: FileMap) => ({
  start: map.range[0],
  flow: map.flow === true,
  fields: map.items.map(({ key, value }) => [
    String(key),
    key.range.slice(0, 2),
    isMap(value) ? 'map' : [value?.toJSON(), value?.range.slice(0, 2), styleOf(value)],
  ]),
});

const styleOf = (node: unknown) => {
  const { type, source } = node as { type?: string; source?: string };
  return [type, source];
};

const same = (text: string) => {
  const plain = parsePlainRegistry(text);
  if (plain === undefined) return false;
  expect(factsOf(plain)).toEqual(factsOf(parseAnyRegistry(text, 'config.yml')));
  return true;
};

const line = fc.constantFrom(
  'clusters:',
  '  one:',
  '  two:',
  '  null:',
  '  3:',
  "    host: 'http://a:1'",
  '    host: http://a:1',
  '    host: http://a:',
  "    host: 'a # b'",
  '    host: "x"',
  '    clusterSecret: "s\\n\\u00e4\\\\"',
  '    clusterSecret: "s\\x"',
  '    clusterSecret: ""',
  '    other: 1',
  '# note',
  '    # "note" {',
  '',
  '  ',
  '\t',
  'cloudSessionKey: x',
);

describe('parsePlainRegistry', () => {
  it('reads what the kit writes', () => {
    const text =
      '# mine\nclusters:\n  a:\n    host: \'http://a:1\'\n\n    clusterSecret: "x\\ny"\n  b:\n    host: http://b\n';
    expect(same(text)).toBe(true);
  });

  it('reads 25,000 entries in one pass', () => {
    const entries = Array.from({ length: 25_000 }, (_, n) => `  c${n}:\n    host: 'http://h:1'\n`);
    expect(parsePlainRegistry(`clusters:\n${entries.join('')}`)?.entries.size).toBe(25_000);
  });

  it('leaves to the YAML library what has more', () => {
    const others = [
      '',
      'clusters: {}\n',
      'clusters:\n  a: {host: x}\n',
      'clusters:\n  a:\n    host: &x http://a\n',
      'clusters:\r\n  a:\r\n    host: http://a\r\n',
      'clusters:\n  a:\n    host: http://a\n  a:\n    host: http://b\n',
      'clusters:\n  a:\n  b:\n    host: http://a\n',
      'clusters:\n  a:\n    host: http://a\n---\n',
    ];
    expect(others.map((text) => parsePlainRegistry(text))).toEqual(others.map(() => undefined));
  });

  it('returns what the YAML library returns, over generated texts', { timeout: 120_000 }, () => {
    let plain = 0;
    const lines = fc.array(line, { maxLength: 9 });
    const random = lines.map((each) => each.join('\n'));
    const likely = lines.map((each) => ['clusters:', '  first:', ...each, ''].join('\n'));
    const samples = sampleRegistry.map((sample) => textOf(sample));
    fc.assert(
      fc.property(fc.oneof(random, likely, samples), (text) => {
        if (same(text)) plain += 1;
      }),
      { numRuns: 4_000 },
    );
    expect(plain).toBeGreaterThan(20);
  });
});
