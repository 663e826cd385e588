import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Secret } from '../../../../lib/secret.js';
import {
  removeCloudSessionText,
  removeEntryText,
  renameEntryText,
  upsertEntryText,
} from '../../../../registry/file/edit-registry-text.js';
import { clusterName, type SampleRegistry, sampleRegistry, textOf } from './registry-texts.js';

const RUNS = { numRuns: 2_500 };
const PEM = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIB+/=Ab\n'.repeat(200)}-----END RSA PRIVATE KEY-----\n`;
const entryOf = (name: string, host = 'http://new:4466') => ({
  name,
  host,
  clusterSecret: new Secret(PEM),
});
const newName = clusterName.map((name) => `new-${name}`);

const clustersIn = (text: string): Record<string, Record<string, unknown>> =>
  parse(text, { merge: true })?.clusters ?? {};

/** Can `part` result from removing one range of `whole`? */
function isCutFrom(part: string, whole: string): boolean {
  let head = 0;
  while (head < part.length && part[head] === whole[head]) head += 1;
  const tail = part.slice(head);
  return whole.endsWith(tail);
}

const linesOutside = (sample: SampleRegistry, name: string) =>
  sample.lines.filter(({ owner }) => owner !== name).map(({ text }) => text);

/** Blank lines behind a removed entry would become part of a `|+` scalar, so they may be removed. */
const squeezed = (sample: SampleRegistry, text: string) =>
  sample.lines.some((line) => line.text.includes('|+')) ? text.replace(/(\r?\n)+/g, '\n') : text;

describe('over generated registries (10,000 cases)', { timeout: 180_000 }, () => {
  it('adds an entry and keeps every other byte', () => {
    fc.assert(
      fc.property(sampleRegistry, newName, (sample, name) => {
        const before = textOf(sample);
        const after = upsertEntryText(before, entryOf(name));
        expect(clustersIn(after)).toEqual({
          ...clustersIn(before),
          [name]: { host: 'http://new:4466', clusterSecret: PEM },
        });
        if (sample.shape !== 'flow') expect(isCutFrom(before, after)).toBe(true);
        else expect(isCutFrom(before.replace('clusters: {}', 'clusters:'), after)).toBe(true);
        expect(upsertEntryText(after, entryOf(name))).toBe(after);
        const back = removeEntryText(after, name);
        if (sample.shape === 'block' || sample.shape === 'bare') expect(back).toBe(before);
        if (sample.shape === 'flow') expect(back).toBe(before.replace('clusters: {}', 'clusters:'));
        if (sample.shape === 'none') expect(isCutFrom(before, back)).toBe(true);
      }),
      RUNS,
    );
  });

  it('removes the lines of an entry and no others', () => {
    fc.assert(
      fc.property(sampleRegistry, fc.nat(), (sample, pick) => {
        const name = sample.names[pick % Math.max(1, sample.names.length)] ?? 'absent';
        const before = textOf(sample);
        const after = removeEntryText(before, name);
        if (sample.names.length === 0) expect(after).toBe(before);
        else expect(squeezed(sample, after)).toBe(squeezed(sample, textOf(sample, name)));
        expect(removeEntryText(after, name)).toBe(after);
      }),
      RUNS,
    );
  });

  it('changes an entry within its own lines, unknown keys kept', () => {
    fc.assert(
      fc.property(sampleRegistry, fc.nat(), (sample, pick) => {
        const name = sample.names[pick % Math.max(1, sample.names.length)];
        fc.pre(name !== undefined);
        const before = textOf(sample);
        const after = upsertEntryText(before, entryOf(name));
        expect(clustersIn(after)).toEqual({
          ...clustersIn(before),
          [name]: { ...clustersIn(before)[name], host: 'http://new:4466', clusterSecret: PEM },
        });
        expect(upsertEntryText(after, entryOf(name))).toBe(after);
        // Everything before and behind the entry, byte for byte.
        const outside = linesOutside(sample, name);
        const first = sample.lines.findIndex(({ owner }) => owner === name);
        const head = outside.slice(0, first).join(sample.lineBreak);
        const tail = outside.slice(first).join(sample.lineBreak);
        expect(after.replace('\ufeff', '').startsWith(head)).toBe(true);
        expect(after.trimEnd().endsWith(tail.trimEnd())).toBe(true);
        expect(after.endsWith('\n')).toBe(before.endsWith('\n'));
        expect(/[^\r]\n/.test(after)).toBe(/[^\r]\n/.test(before) && sample.lineBreak === '\n');
      }),
      RUNS,
    );
  });

  it('renames an entry on one line, and drops the cloud session on one line', () => {
    fc.assert(
      fc.property(sampleRegistry, newName, fc.nat(), (sample, to, pick) => {
        const before = textOf(sample);
        const name = sample.names[pick % Math.max(1, sample.names.length)];
        if (name !== undefined) {
          const after = renameEntryText(before, name, to);
          const changed = after.split('\n').filter((line, i) => line !== before.split('\n')[i]);
          expect(changed).toHaveLength(1);
          expect(Object.keys(clustersIn(after))).toEqual(
            Object.keys(clustersIn(before)).map((key) => (key === name ? to : key)),
          );
        }
        const without = sample.lines.filter(({ text }) => !text.startsWith('cloudSessionKey'));
        const expected = textOf({ ...sample, lines: without });
        const loggedOut = removeCloudSessionText(before);
        if (without.some(({ text }) => /^[a-z]/.test(text)))
          expect(squeezed(sample, loggedOut)).toBe(squeezed(sample, expected));
        else if (before !== loggedOut) expect(clustersIn(loggedOut)).toEqual({});
      }),
      RUNS,
    );
  });
});
