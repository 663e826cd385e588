import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseAllDocuments, visit } from 'yaml';
import { composeDocuments } from '../../../../registry/file/compose-documents.js';
import { sampleRegistry, textOf } from './registry-texts.js';

/** From just too short to be treated on its own to longer than an implicit key may be. */
const longString = fc
  .tuple(fc.string({ unit: 'grapheme', maxLength: 90 }), fc.constantFrom(0, 70, 1_500))
  .map(([text, more]) => JSON.stringify(text + 'k\n'.repeat(more / 2)));

it('gives what the package gives: values, comments, ranges, errors', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(sampleRegistry, longString, longString, (sample, one, two) => {
      const text = `${textOf(sample)}`
        .replaceAll("'http://localhost:4466'", () => one)
        .replace('x-unknown: {a: 1}', () => `x-unknown: {a: ${two}, b: 1}`)
        .replace(' # kept', () => (two.length % 3 ? '#kept' : ' # kept'));
      const ours = composeDocuments(text);
      const theirs = parseAllDocuments(text, {
        merge: true,
        prettyErrors: false,
        uniqueKeys: false,
      });
      expect(ours.errors.map(({ message }) => message)).toEqual(
        theirs.flatMap(({ errors }) => errors.map(({ message }) => message)),
      );
      expect(ours.documents.map(scalars)).toEqual(theirs.map(scalars));
    }),
    { numRuns: 1_000 },
  );
});

function scalars(document: Parameters<typeof visit>[0]) {
  const found: unknown[] = [];
  visit(document, {
    Scalar: (_key, { value, range, type, comment }) =>
      void found.push([value, type, range, comment]),
    Collection: (_key, { range }) => void found.push(range),
  });
  return found;
}
