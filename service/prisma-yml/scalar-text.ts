import { parseDocument, Scalar } from 'yaml';

/** `name` as a YAML scalar on one line, in the style of the one that it replaces if that can hold it. */
export function scalarText(name: string, style?: Scalar['type']): string {
  const printable = /^[\x20-\x7e\u00a1-\ud7ff\ue000-\ufefe]*$/.test(name);
  if (style === Scalar.QUOTE_SINGLE && printable) return singleQuoted(name);
  if (style === Scalar.QUOTE_DOUBLE || !printable) return JSON.stringify(name);
  return isPlainSafe(name) ? name : singleQuoted(name);
}

const singleQuoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const isPlainSafe = (name: string): boolean =>
  /^[A-Za-z_][\w./@~-]*$/.test(name) &&
  !/^(y|n|yes|no|on|off|true|false|null)$/i.test(name) &&
  parseDocument(name).toJS() === name;
