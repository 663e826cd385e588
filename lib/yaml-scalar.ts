import { isScalar, type Pair, type ParsedNode, parseDocument, Scalar } from 'yaml';
import { lineBreakOf, type Splice } from './text-lines.js';

/**
 * `value` on one line between double quotes. Line breaks become `\n` and `\r`: all Prisma CLIs and every
 * YAML reader accept that, and it does not depend on indentation.
 */
export const doubleQuoted = (value: string): string =>
  JSON.stringify(value).replace(
    // Characters that YAML does not allow, or that some readers treat as a line break.
    /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** `value` in single quotes if they can express it, else in double quotes. */
export const singleQuoted = (value: string): string =>
  /^[\x20-\x7e]*$/.test(value) ? `'${value.replaceAll("'", "''")}'` : doubleQuoted(value);

/** `value` without quotes if every reader reads that as this text, else in quotes. */
export const plainOrQuoted = (value: string): string =>
  isPlainSafe(value) ? value : singleQuoted(value);

/**
 * `value` in the style of the scalar `old`, if that style can express it.
 *
 * @param block how to write a block scalar; absent: as a scalar on one line
 */
export function scalarInStyleOf(
  old: Scalar,
  value: string,
  block?: { readonly indent: string; readonly lineBreak: string },
): string {
  if (old.type === Scalar.QUOTE_SINGLE) return singleQuoted(value);
  if (old.type === Scalar.QUOTE_DOUBLE) return doubleQuoted(value);
  if (old.type === Scalar.BLOCK_LITERAL && block && fitsBlock(value)) {
    const lines = value.slice(0, -1).split('\n');
    return ['|', ...lines.map((line) => line && block.indent + line)].join(block.lineBreak);
  }
  return plainOrQuoted(value);
}

/** Replaces the value of `pair` in `text`, or adds one behind the colon. */
export function replaceValue(
  text: string,
  { key, value }: Pair<ParsedNode, ParsedNode | null>,
  insert: string,
): Splice {
  const [start, end] = value?.range ?? [0, 0];
  if (start === end) {
    const behindColon = text.indexOf(':', key.range[1]) + 1;
    return { start: behindColon, end: behindColon, insert: ` ${insert}` };
  }
  // A block scalar ends behind its own line break.
  const tail = isScalar(value) && text[end - 1] === '\n' ? lineBreakOf(text) : '';
  return { start, end, insert: insert + tail };
}

/** One line break at the end, and no carriage returns, which YAML would change. */
const fitsBlock = (value: string): boolean =>
  /^[\x21-\x7e][\x20-\x7e\n]*[^\n]\n$/.test(value) && !value.endsWith('\n\n');

const isPlainSafe = (value: string): boolean =>
  /^[A-Za-z_/][\w.:/?&=%+@~-]*$/.test(value) &&
  !value.endsWith(':') &&
  !/^(y|n|yes|no|on|off|true|false|null)$/i.test(value) &&
  parseDocument(value).toJS() === value;
