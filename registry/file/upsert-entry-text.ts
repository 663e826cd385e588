import { isAlias, isMap, isScalar } from 'yaml';
import type { Secret } from '../../lib/secret.js';
import { lineBreakOf, lineStart, nextLine, type Splice } from '../../lib/text-lines.js';
import { doubleQuoted, replaceValue, scalarInStyleOf } from '../../lib/yaml-scalar.js';
import { entryLines, type Field, fieldLines, flowMap, keyText } from './entry-lines.js';
import { indentAt, insertLines, pairEnd, pairLinesEnd } from './entry-place.js';
import { CLUSTERS, type FileMap, type FilePair, type ParsedRegistry } from './parsed-registry.js';

/** An entry to write to the registry. */
export interface NewEntry {
  readonly name: string;
  /** Such as `http://localhost:4466`. */
  readonly host: string;
  /** Private key (PEM) or shared secret. @default - the server is open on purpose */
  readonly clusterSecret?: Secret | undefined;
}

/** The splices that add or change `entry`. */
export function upsertSplices(parsed: ParsedRegistry, entry: NewEntry): Splice[] {
  const fields: Field[] = [['host', entry.host]];
  if (entry.clusterSecret) fields.push(['clusterSecret', entry.clusterSecret.reveal()]);
  const existing = parsed.entries.get(entry.name);
  return existing && parsed.clusterMap
    ? changeEntry(parsed, parsed.clusterMap, existing, fields)
    : addEntry(parsed, entry.name, fields);
}

function addEntry(parsed: ParsedRegistry, name: string, fields: readonly Field[]): Splice[] {
  const { text, top, clusters, clusterMap } = parsed;
  const flow = `${keyText(name, true)}: ${flowMap(fields)}`;
  if (top?.flow === true && clusters === undefined) {
    if (top.items.length > 0) return [intoFlow(top, `${doubleQuoted(CLUSTERS)}: {${flow}}`)];
    const lines = [`${CLUSTERS}:`, ...entryLines(name, fields, '  ', '  ')];
    const [start, end] = top.range;
    return [{ start, end, insert: lines.join(lineBreakOf(text)) }];
  }
  if (top === undefined || clusters === undefined) {
    const lines = [`${CLUSTERS}:`, ...entryLines(name, fields, '  ', '  ')];
    return [insertLines(parsed, endOfDocument(parsed), lines)];
  }
  if (clusterMap?.flow === true && (top.flow || !isBareEmpty(text, clusterMap))) {
    return [intoFlow(clusterMap, flow)];
  }
  const outer = indentAt(text, clusters.key.range[0]);
  if (clusterMap === undefined || clusterMap.flow === true) {
    const lines = entryLines(name, fields, `${outer}  `, '  ');
    if (top.flow) return [replaceValue(text, clusters, `{${flow}}`)];
    return linesInPlaceOf(parsed, clusters, lines);
  }
  const first = clusterMap.items[0];
  const last = clusterMap.items.at(-1);
  const indent = first ? indentAt(text, first.key.range[0]) : `${outer}  `;
  const step = stepOf(text, clusterMap) ?? (indent.slice(outer.length) || '  ');
  const at = last ? pairLinesEnd(text, last) : pairLinesEnd(text, clusters);
  return [insertLines(parsed, at, entryLines(name, fields, indent, step))];
}

function changeEntry(
  parsed: ParsedRegistry,
  map: FileMap,
  pair: FilePair,
  fields: readonly Field[],
): Splice[] {
  const { text } = parsed;
  const { value } = pair;
  const indent = indentAt(text, pair.key.range[0]);
  const step = stepOf(text, map) ?? (indent || '  ');
  if (isMap(value)) return changeFields(parsed, pair, value as FileMap, fields, indent + step);
  if (map.flow === true) {
    const merged = isAlias(value)
      ? `{<<: *${value.source}, ${flowMap(fields).slice(1)}`
      : undefined;
    return [replaceValue(text, pair, merged ?? flowMap(fields))];
  }
  // `name: *other` keeps the other keys of the entry that it refers to.
  const lines = [
    ...(isAlias(value) ? [`${indent}${step}<<: *${value.source}`] : []),
    ...fieldLines(fields, indent + step),
  ];
  return linesInPlaceOf(parsed, pair, lines);
}

function changeFields(
  parsed: ParsedRegistry,
  owner: FilePair,
  map: FileMap,
  fields: readonly Field[],
  fallbackIndent: string,
): Splice[] {
  const { text } = parsed;
  const firstKey = map.items[0]?.key.range[0];
  const indent = firstKey === undefined ? fallbackIndent : indentAt(text, firstKey);
  const style = { inFlow: map.flow === true, indent: `${indent}  ` };
  const missing: Field[] = [];
  const splices: Splice[] = [];
  let hostPair: FilePair | undefined;
  for (const field of fields) {
    const pair = map.items.find(({ key }) => isScalar(key) && String(key.value) === field[0]);
    if (field[0] === 'host') hostPair = pair;
    if (pair === undefined) missing.push(field);
    else if (!isScalar(pair.value) || pair.value.value !== field[1]) {
      splices.push(newValue(text, pair, field[1], style));
    }
  }
  if (missing.length === 0) return splices;
  if (map.flow === true) {
    const inner = missing.map(([key, value]) => `${doubleQuoted(key)}: ${doubleQuoted(value)}`);
    return [...splices, intoFlow(map, inner.join(', '))];
  }
  // Below the host, or as the first field.
  const at = hostPair
    ? pairLinesEnd(text, hostPair)
    : firstKey === undefined
      ? nextLine(text, pairEnd(owner))
      : lineStart(text, firstKey);
  return [...splices, insertLines(parsed, at, fieldLines(missing, indent))];
}

/** A new value for `key: value`, in the style of the old one. */
function newValue(
  text: string,
  pair: FilePair,
  value: string,
  { inFlow, indent }: { inFlow: boolean; indent: string },
): Splice {
  const old = pair.value;
  const isStyled = isScalar(old) && old.source !== '' && !(inFlow && old.type === 'PLAIN');
  const block = { indent, lineBreak: lineBreakOf(text) };
  const insert = isStyled ? scalarInStyleOf(old, value, block) : doubleQuoted(value);
  return replaceValue(text, pair, insert);
}

/** Replaces a value without content (`{}`, `~`, an alias) by lines below its key. */
function linesInPlaceOf(parsed: ParsedRegistry, pair: FilePair, lines: readonly string[]) {
  const { text } = parsed;
  const [from, end] = pair.value?.range ?? [0, 0];
  if (from === end) return [insertLines(parsed, nextLine(text, pair.key.range[1]), lines)];
  const start = text[from - 1] === ' ' ? from - 1 : from;
  return [{ start, end, insert: '' }, insertLines(parsed, nextLine(text, end), lines)];
}

/** Inserts text at the start of a flow map. */
const intoFlow = (map: FileMap, inner: string): Splice => {
  const at = map.range[0] + 1;
  return { start: at, end: at, insert: map.items.length > 0 ? `${inner}, ` : inner };
};

const isBareEmpty = (text: string, map: FileMap): boolean =>
  map.items.length === 0 && /^\{[ \t]*\}$/.test(text.slice(map.range[0], map.range[1]));

/** The indentation of the fields of the first block entry, relative to its name. */
function stepOf(text: string, clusters: FileMap): string | undefined {
  for (const { key, value } of clusters.items) {
    if (!isMap(value) || value.flow === true || !value.items[0]) continue;
    const outer = indentAt(text, key.range[0]);
    const inner = indentAt(text, (value as FileMap).items[0]?.key.range[0] ?? 0);
    if (inner.length > outer.length) return inner.slice(outer.length);
  }
  return undefined;
}

/** The position for a new top-level key: at the end, but before a line `...`. */
function endOfDocument({ text, document, top }: ParsedRegistry): number {
  const from = top?.range[1] ?? document?.range[1] ?? 0;
  const end = /^\.\.\.(?=\s|$)/m.exec(text.slice(from));
  return end ? from + end.index : text.length;
}
