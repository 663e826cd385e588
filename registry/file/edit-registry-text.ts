import { isDeepStrictEqual } from 'node:util';
import { usageError } from '../../lib/errors.js';
import { applySplices, type Splice } from '../../lib/text-lines.js';
import { keyText } from './entry-lines.js';
import { cutPair, insertLines } from './entry-place.js';
import { clustersOf, parseRegistry, tryParseRegistry } from './parse-registry.js';
import { CLOUD_SESSION, CLUSTERS, type Meaning, type ParsedRegistry } from './parsed-registry.js';
import { type NewEntry, upsertSplices } from './upsert-entry-text.js';

/** A registry text, parsed or not. */
export type RegistryText = string | ParsedRegistry;

const parsedOf = (text: RegistryText): ParsedRegistry =>
  typeof text === 'string' ? parseRegistry(text, 'registry') : text;

/**
 * Adds `entry` below the others, or changes its host and secret in place. Everything else stays byte for
 * byte, unknown keys of the entry included.
 *
 * @throws KitError `registry-edit-refused` (exit 2) when the layout of the file does not allow that
 */
export function upsertEntryText(text: RegistryText, entry: NewEntry): string {
  checkName(entry.name);
  const parsed = parsedOf(text);
  const before = parsed.meaning;
  const expected = withClusters(before, (clusters) => {
    const old = clusters.get(entry.name);
    const fields = new Map<unknown, unknown>(old instanceof Map ? old : []);
    fields.set('host', entry.host);
    if (entry.clusterSecret) fields.set('clusterSecret', entry.clusterSecret.reveal());
    clusters.set(entry.name, fields);
  });
  // Also when the values come from an alias or a merge.
  if (isDeepStrictEqual(before, expected)) return parsed.text;
  return edited(parsed, upsertSplices(parsed, entry), expected, entry.name);
}

/** Removes the entry `name`. Returns the same text when there is none. */
export function removeEntryText(text: RegistryText, name: string): string {
  const parsed = parsedOf(text);
  const pair = parsed.entries.get(name);
  if (pair === undefined || parsed.clusterMap === undefined) return parsed.text;
  const expected = withClusters(parsed.meaning, (clusters) => clusters.delete(name));
  return cut(parsed, cutPair(parsed.text, parsed.clusterMap, pair), expected, name);
}

/**
 * Renames the entry `from` to `to`.
 *
 * @throws KitError `no-such-entry` or `registry-conflict` (exit 2)
 */
export function renameEntryText(text: RegistryText, from: string, to: string): string {
  checkName(to);
  const parsed = parsedOf(text);
  const pair = parsed.entries.get(from);
  if (from === to && pair) return parsed.text;
  if (pair === undefined) {
    throw usageError('no-such-entry', { path: from, message: 'The registry has no such cluster.' });
  }
  if (clustersOf(parsed.meaning).has(to)) {
    throw usageError('registry-conflict', { path: to, message: 'This name is already taken.' });
  }
  const expected = withClusters(parsed.meaning, (clusters) => {
    clusters.set(to, clusters.get(from));
    clusters.delete(from);
  });
  const [start, end] = pair.key.range;
  const insert = keyText(to, parsed.clusterMap?.flow === true);
  return edited(parsed, [{ start, end, insert }], expected, from);
}

/**
 * Removes the session of the hosted cloud. A file that would become empty gets an empty `clusters`,
 * because the CLIs cannot read a file that has comments only.
 */
export function removeCloudSessionText(text: RegistryText): string {
  const parsed = parsedOf(text);
  const pair = parsed.top?.items.find(({ key }) => String(key) === CLOUD_SESSION);
  if (pair === undefined || parsed.top === undefined) return parsed.text;
  const expected = new Map(parsed.meaning);
  expected.delete(CLOUD_SESSION);
  const splice = cutPair(parsed.text, parsed.top, pair);
  if (expected.size > 0 || parsed.top.flow) return cut(parsed, splice, expected, CLOUD_SESSION);
  const { insert } = insertLines(parsed, splice.end, [`${CLUSTERS}: {}`]);
  expected.set(CLUSTERS, new Map());
  return edited(parsed, [{ ...splice, insert }], expected, CLOUD_SESSION);
}

/**
 * Removes one range. Blank lines behind it stay, unless they would become part of a block scalar before
 * it (`|+`).
 */
function cut(parsed: ParsedRegistry, splice: Splice, expected: Meaning, name: string): string {
  const blank = /^(?:[ \t]*\r?\n)+/.exec(parsed.text.slice(splice.end))?.[0].length ?? 0;
  try {
    return edited(parsed, [splice], expected, name);
  } catch (refusal) {
    if (blank === 0) throw refusal;
    return edited(parsed, [{ ...splice, end: splice.end + blank }], expected, name);
  }
}

/** Applies the splices and parses the result: it must have exactly the expected values. */
function edited(
  { text, entries, lineOf }: ParsedRegistry,
  splices: readonly Splice[],
  expected: Meaning,
  name: string,
): string {
  const result = applySplices(text, splices);
  const after = tryParseRegistry(result, 'registry')?.meaning;
  if (after && isDeepStrictEqual(normal(after), normal(expected))) return result;
  const line = lineOf(entries.get(name)?.key.range[0] ?? 0);
  throw usageError('registry-edit-refused', {
    path: name,
    message: `The entry cannot be changed without changing others (near line ${line}; perhaps because of anchors or aliases). Nothing was changed.`,
    hint: 'Write the entry in full by hand, then run the command again.',
  });
}

/** A missing `clusters`, a bare `clusters:` and `clusters: {}` are equal. */
function normal(meaning: Meaning): Meaning {
  const clusters = clustersOf(meaning);
  return new Map([...meaning, [CLUSTERS, clusters]]);
}

function withClusters(meaning: Meaning, change: (clusters: Map<string, unknown>) => void): Meaning {
  const clusters = new Map(clustersOf(meaning));
  change(clusters);
  return new Map<unknown, unknown>([...meaning, [CLUSTERS, clusters]]);
}

function checkName(name: string): void {
  if (name !== '' && name !== '__proto__') return;
  throw usageError('cluster-name-invalid', {
    path: name,
    message: 'This is not a valid cluster name.',
    hint: 'Use letters, digits, - and _.',
  });
}
