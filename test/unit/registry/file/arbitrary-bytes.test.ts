import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KitError } from '../../../../lib/errors.js';
import { writeEntry } from '../../../../registry/file/change-entries.js';
import { removeEntryText, upsertEntryText } from '../../../../registry/file/edit-registry-text.js';
import { readRegistry } from '../../../../registry/file/read-registry.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';
import { sampleRegistry, textOf } from './registry-texts.js';

const WORDS =
  'clusters local host : - { } [ ] , # " \' | > &a *a << !!map --- ... ? % é ~ x \\ @ `';
const BLANKS = [': ', '- ', '? ', '\n', '\n  ', '\n    ', '\r\n', '\t', '\u0000', '\ufeff'];

const yamlish = fc
  .array(fc.constantFrom(...WORDS.split(' '), ...BLANKS), { maxLength: 24 })
  .map((parts) => parts.join(''));

/** A valid registry with one part deleted, repeated or replaced. */
const damaged = fc
  .tuple(sampleRegistry, fc.nat(), fc.nat(40), yamlish)
  .map(([sample, at, length, insert]) => {
    const text = textOf(sample);
    const from = at % (text.length + 1);
    return text.slice(0, from) + insert + text.slice(from + length);
  });

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((data) => Buffer.from(data)),
  yamlish.map((text) => Buffer.from(text)),
  damaged.map((text) => Buffer.from(text)),
);

const entry = { name: 'local', host: 'http://localhost:4466' };

it('never crashes on text, and can read what it has edited', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(fc.oneof(yamlish, damaged), (text) => {
      try {
        const after = upsertEntryText(text, entry);
        expect(upsertEntryText(after, entry)).toBe(after);
        removeEntryText(after, 'local');
      } catch (error) {
        expect(error).toBeInstanceOf(KitError);
      }
    }),
    { numRuns: 6_000 },
  );
});

it('never crashes on bytes, and never changes a file that it rejects', {
  timeout: 120_000,
}, async () => {
  const root = await temporaryDirectory();
  await mkdir(join(root, 'r'));
  const path = join(root, 'r', 'config.yml');
  await fc.assert(
    fc.asyncProperty(bytes, async (data) => {
      await writeFile(path, data);
      const outcome = await readRegistry(path).catch((error: unknown) => error);
      if (!(outcome instanceof Error)) return;
      expect(outcome).toBeInstanceOf(KitError);
      await expect(writeEntry(path, entry)).rejects.toBeInstanceOf(KitError);
      expect(await readFile(path)).toEqual(data);
      expect(await readdir(join(root, 'r'))).toEqual(['config.yml']);
    }),
    { numRuns: 1_500 },
  );
});
