import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseAllDocuments, visit } from 'yaml';
import { composeDocuments } from '../../../lib/registry/compose-documents.js';
import { sampleRegistry, textOf } from './registry-texts.js';

const longString = fc
  .string({ unit: 'grapheme', minLength: 60, maxLength: 80 })
  .map((text) => JSON.stringify(text));

it('gives what the package gives: values, and ranges of scalars', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(sampleRegistry, longString, longString, (sample, one, two) => {
      const text = `${textOf(sample)}`
        .replaceAll('http://localhost:4466', one.slice(1, -1).replaceAll("'", ''))
        .replace('# note', `# ${two}`);
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
    Scalar: (_key, { value, range, type }) => void found.push([value, type, range?.slice(0, 2)]),
  });
  return found;
}
