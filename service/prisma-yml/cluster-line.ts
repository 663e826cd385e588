import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, type Pair, type ParsedNode, parseDocument, type YAMLMap } from 'yaml';
import { usageError } from '../../lib/errors.js';
import { applySplices, lineBreakOf, lineEnd, lineStart, splice } from '../../lib/text-lines.js';
import { plainOrQuoted, replaceValue, scalarInStyleOf } from '../../lib/yaml-scalar.js';

/** Marks a line that is changed for one run; the original line follows the mark. */
const MARK = ' # clusterkit: put back ';

/**
 * Sets `cluster: name` in the text of a prisma.yml. Only this line changes, and keeps its style and its
 * comment. A missing line is added below `stage:` or `service:`.
 *
 * @throws KitError `cluster-line-refused` (exit 2) when the layout of the file does not allow that
 */
export function setClusterLine(text: string, name: string): string {
  const { map, pair } = find(text);
  const changed =
    pair === undefined ? withNewLine(text, map, name) : withNewValue(text, pair, name);
  return checked(text, changed, name);
}

/**
 * Like {@link setClusterLine}, for one run: the line contains the original one, so that
 * {@link restoreLine} can restore it, also after a crash. @throws KitError `cluster-line-refused` (exit 2)
 */
export function setForRun(text: string, name: string): string {
  const { map, pair } = find(text);
  const [at, valueEnd] = [pair?.key.range?.[0], pair?.value?.range?.[1]];
  if (map.flow || at == null || valueEnd == null || lineEnd(text, at) < valueEnd) {
    throw refused(name);
  }
  const start =
    lineStart(text, at) + (text.startsWith('\uFEFF') && lineStart(text, at) === 0 ? 1 : 0);
  const end = lineEnd(text, at);
  const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
  const line = `${indent}cluster: ${plainOrQuoted(name)}${MARK}${text.slice(start, end)}`;
  return checked(text, splice(text, start, end, line), name);
}

/** Reverts {@link setForRun}; `undefined` when the text has no mark. */
export function restoreLine(text: string): string | undefined {
  const mark = text.indexOf(MARK);
  if (mark === -1) return undefined;
  const start = lineStart(text, mark);
  const bom = text.charCodeAt(start) === 0xfeff ? 1 : 0;
  return text.slice(0, start + bom) + text.slice(mark + MARK.length);
}

type ClusterPair = Pair<ParsedNode, ParsedNode | null>;

function find(text: string): { map: YAMLMap; pair: ClusterPair | undefined } {
  const { contents } = parseDocument(text, { merge: true });
  if (!isMap(contents)) throw refused('');
  const pair = pairOf(contents, 'cluster');
  return { map: contents, pair };
}

const pairOf = (map: YAMLMap, key: string) =>
  map.items.find((each) => isScalar(each.key) && each.key.value === key) as ClusterPair | undefined;

function withNewValue(text: string, pair: ClusterPair, name: string): string {
  const old = pair.value;
  if (old !== null && !isScalar(old)) throw refused(name);
  const insert = old === null ? plainOrQuoted(name) : scalarInStyleOf(old, name);
  return applySplices(text, [replaceValue(text, pair, insert)]);
}

function withNewLine(text: string, map: YAMLMap, name: string): string {
  if (map.flow) {
    const at = (map.range?.[0] ?? 0) + 1;
    const separator = map.items.length > 0 ? ', ' : '';
    return splice(text, at, at, `cluster: ${plainOrQuoted(name)}${separator}`);
  }
  const above = pairOf(map, 'stage') ?? pairOf(map, 'service');
  const keyAt = above?.key.range?.[0];
  if (above === undefined || keyAt === undefined) throw refused(name);
  const indent = text.slice(lineStart(text, keyAt), keyAt).replace(/^\uFEFF/, '');
  const lineBreak = lineBreakOf(text);
  const line = `${indent}cluster: ${plainOrQuoted(name)}`;
  const valueEnd = above.value?.range?.[1] ?? above.key.range?.[1] ?? 0;
  if (text[valueEnd - 1] === '\n') return splice(text, valueEnd, valueEnd, line + lineBreak);
  const at = lineEnd(text, valueEnd);
  return splice(text, at, at, lineBreak + line);
}

/** Parses the result: only the cluster may differ. */
function checked(before: string, after: string, name: string): string {
  const expected = { ...(meaning(before) as object), cluster: name };
  if (isDeepStrictEqual(meaning(after), expected)) return after;
  throw refused(name);
}

function meaning(text: string): unknown {
  const document = parseDocument(text, { merge: true });
  return document.errors.length > 0 ? undefined : document.toJS();
}

const refused = (name: string) =>
  usageError('cluster-line-refused', {
    path: 'prisma.yml',
    message: 'the cluster cannot be changed without changing other values; nothing was changed',
    hint: `Write it on a line of its own: cluster: ${name}`,
  });
