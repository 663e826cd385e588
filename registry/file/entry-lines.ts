import { doubleQuoted, plainOrQuoted, singleQuoted } from '../../lib/yaml-scalar.js';

/** A key of an entry and its value. */
export type Field = readonly [key: string, value: string];

/** A cluster name as a YAML key: plain when every reader reads it as a string, else quoted. */
export const keyText = (name: string, inFlow: boolean): string =>
  !inFlow && /^[A-Za-z_][\w.-]*$/.test(name) && plainOrQuoted(name) === name
    ? name
    : doubleQuoted(name);

/** An entry as block lines; `step` is the indentation of the fields below the name. */
export const entryLines = (
  name: string,
  fields: readonly Field[],
  indent: string,
  step: string,
): string[] => [`${indent}${keyText(name, false)}:`, ...fieldLines(fields, indent + step)];

/** Fields as block lines, quoted as the CLI of 2018 quoted them. */
export const fieldLines = (fields: readonly Field[], indent: string): string[] =>
  fields.map(
    ([key, value]) =>
      `${indent}${key}: ${key === 'host' ? singleQuoted(value) : doubleQuoted(value)}`,
  );

/** Fields as a flow map, which is JSON. */
export const flowMap = (fields: readonly Field[]): string =>
  `{${fields.map(([key, value]) => `${doubleQuoted(key)}: ${doubleQuoted(value)}`).join(', ')}}`;
