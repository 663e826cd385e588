import { parseDocument, Scalar } from 'yaml';

/** A cluster name as a YAML key: plain where every reader takes it for a string, else quoted. */
export const keyText = (name: string, inFlow: boolean): string =>
  !inFlow && isPlainSafe(name) && /^[A-Za-z_][\w.-]*$/.test(name) ? name : doubleQuoted(name);

/**
 * `value` on one line between double quotes. Line breaks become `\n` and `\r`: all CLIs from 1.0
 * to 1.8 and every YAML reader take that, and no indentation can break it.
 */
export function doubleQuoted(value: string): string {
  const escaped = JSON.stringify(value).replace(
    // Characters that YAML calls unprintable, or that some readers take for a line break.
    /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return escaped;
}

/** `value` between single quotes where that can hold it, else between double quotes. */
export const singleQuoted = (value: string): string =>
  /^[\x20-\x7e]*$/.test(value) ? `'${value.replaceAll("'", "''")}'` : doubleQuoted(value);

/** What surrounds a scalar that gets a new value. */
export interface ScalarPlace {
  readonly type: Scalar['type'] | undefined;
  readonly inFlow: boolean;
  /** Indentation of the lines of a block scalar. */
  readonly indent: string;
  readonly lineBreak: string;
}

/** `value` in the style that stands there already, where that style can hold it. */
export function scalarText(value: string, { type, inFlow, indent, lineBreak }: ScalarPlace) {
  if (type === Scalar.QUOTE_SINGLE) return singleQuoted(value);
  if (type === Scalar.PLAIN && !inFlow && isPlainSafe(value)) return value;
  if (type === Scalar.BLOCK_LITERAL && fitsBlock(value)) {
    const lines = value.slice(0, -1).split('\n');
    return ['|', ...lines.map((line) => (line === '' ? '' : indent + line))].join(lineBreak);
  }
  return doubleQuoted(value);
}

/** One line break at the end, none of the carriage returns that YAML would fold away. */
const fitsBlock = (value: string): boolean =>
  /^[\x21-\x7e][\x20-\x7e\n]*[^\n]\n$/.test(value) && !value.endsWith('\n\n');

const isPlainSafe = (value: string): boolean =>
  /^[A-Za-z_/][\w.:/?&=%+@~-]*$/.test(value) &&
  !value.endsWith(':') &&
  !/^(y|n|yes|no|on|off|true|false|null)$/i.test(value) &&
  parseDocument(value).toJS() === value;
