import { Composer, CST, type Document, type ParsedNode, Parser, Scalar, visit } from 'yaml';

/** The documents of a text, and the errors of all of them together. */
export interface Composed {
  readonly documents: readonly Document.Parsed<ParsedNode>[];
  readonly errors: readonly { readonly offset: number; readonly message: string }[];
}

/** A long string that was decoded beforehand: its value, and what is missing from its length. */
interface Decoded {
  readonly value: string;
  readonly missing: number;
}

/** Shorter ones cost the composer nothing worth saving. */
const LONG = 64;

/** A double-quoted scalar on one line that reads the same in YAML and in JSON. */
const JSON_STRING = /^"(?:[^"\\\p{Cc}]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"$/u;

/**
 * What `parseAllDocuments` of the `yaml` package gives, several times as fast for this kind of file:
 * the package decodes double-quoted strings character by character, which for keys of 1,700
 * characters is nearly all of its time. Here the tokens of such strings are decoded by `JSON.parse`
 * and put back after composing; all ranges are the true ones.
 */
export function composeDocuments(text: string): Composed {
  const decoded = new Map<number, Decoded>();
  const composer = new Composer({
    merge: true,
    prettyErrors: false,
    // The caller checks, by the rules of the CLI, and in linear time.
    uniqueKeys: false,
  });
  const tokens = [...new Parser().parse(text)];
  for (const token of tokens) if (token.type === 'document') takeOut(token, decoded);
  const documents = [...composer.compose(tokens)];
  if (decoded.size > 0) for (const document of documents) putBack(document, decoded);
  const found = documents.length > 0 ? documents : [composer.streamInfo()];
  const errors = found.flatMap((each) => each.errors);
  return {
    documents,
    errors: errors.map(({ pos, message }) => ({ offset: pos[0], message })),
  };
}

function takeOut(document: CST.Document, decoded: Map<number, Decoded>): void {
  CST.visit(document, ({ value }) => {
    if (value?.type !== 'double-quoted-scalar' || value.source.length < LONG) return;
    if (!JSON_STRING.test(value.source)) return;
    // A comment right behind the quote is an error that must still be found.
    if (value.end?.[0]?.type === 'comment') return;
    const missing = value.source.length - 2;
    decoded.set(value.offset, { value: JSON.parse(value.source), missing });
    value.source = '""';
    // Blanks in its place, so that everything behind it keeps its offset.
    const { offset, indent } = value;
    const blanks = { type: 'space' as const, offset, indent, source: ' '.repeat(missing) };
    value.end = [blanks, ...(value.end ?? [])];
  });
}

function putBack(document: Document.Parsed<ParsedNode>, decoded: Map<number, Decoded>): void {
  visit(document, {
    Scalar(_key, node) {
      const range = node.range;
      const found = range && node.type === Scalar.QUOTE_DOUBLE ? decoded.get(range[0]) : undefined;
      if (!range || !found) return;
      node.value = found.value;
      node.source = found.value;
      node.range = [range[0], range[1] + found.missing, range[2]];
    },
  });
}
