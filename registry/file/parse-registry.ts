import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type ParsedNode,
  parseAllDocuments,
  visit,
} from 'yaml';
import { type Problem, usageError } from '../../lib/errors.js';
import { positionAt } from '../../lib/text-lines.js';
import {
  CLUSTERS,
  type FileMap,
  type FilePair,
  type Meaning,
  type ParsedRegistry,
} from './parsed-registry.js';
import { parsePlainRegistry } from './plain-registry.js';

export {
  CLOUD_SESSION,
  CLUSTERS,
  type FileMap,
  type FilePair,
  type Meaning,
  type ParsedRegistry,
} from './parsed-registry.js';

/**
 * Reads `text` as a registry.
 *
 * @param path for messages
 * @throws KitError `registry-malformed` (exit 2): every problem with `file:line:column`
 */
export const parseRegistry = (text: string, path: string): ParsedRegistry =>
  parsePlainRegistry(text) ?? parseAnyRegistry(text, path);

/** {@link parseRegistry} by the YAML library, for every text. */
export function parseAnyRegistry(text: string, path: string): ParsedRegistry {
  const fail = (problems: readonly Found[]): never => {
    throw usageError('registry-malformed', problems.map(locate(text, path)));
  };
  const stray = /\r(?!\n)/.exec(text);
  if (stray) fail([{ offset: stray.index, message: 'A carriage return without line feed.' }]);

  // `namedPairs` reports duplicate keys.
  const lineCounter = new LineCounter();
  const options = { merge: true, prettyErrors: false, uniqueKeys: false, lineCounter };
  const documents = parseAllDocuments(text, options);
  const errors = 'empty' in documents ? documents.errors : documents.flatMap((each) => each.errors);
  const [document, second] = documents;
  if (errors.length > 0) {
    fail(errors.map(({ pos, message }) => ({ offset: pos[0], message: `${message}.` })));
  }
  if (second) fail([{ offset: second.range[0], message: 'A second YAML document begins here.' }]);

  const top = document && asMap(document.contents, document, 'The file');
  const problems: Found[] = [...(top?.problems ?? [])];
  const pairs = top?.map ? namedPairs(top.map, problems) : new Map<string, FilePair>();
  const clusters = pairs.get(CLUSTERS);
  const inner = clusters && document && asMap(clusters.value, document, `'${CLUSTERS}'`);
  problems.push(...(inner?.problems ?? []));
  const entries = inner?.map ? namedPairs(inner.map, problems) : new Map<string, FilePair>();
  for (const [name, { value }] of entries) {
    const entry = document && value && asMap(value, document, `The entry '${name}'`);
    problems.push(...(entry?.problems ?? []));
    if (entry?.map && value === entry.map) namedPairs(entry.map, problems);
  }
  const meaning = document ? resolved(document, problems) : new Map();
  if (problems.length > 0) fail(problems);
  const lineOf = (offset: number) => lineCounter.linePos(offset).line;
  const [file, clusterMap] = [top?.map, inner?.map];
  return { meaning, text, document, lineOf, top: file, clusters, clusterMap, entries };
}

/** {@link parseRegistry}; undefined for a text that is malformed. */
export function tryParseRegistry(text: string, path: string): ParsedRegistry | undefined {
  try {
    return parseRegistry(text, path);
  } catch {
    return undefined;
  }
}

/** The entries below `clusters`, by name. */
export function clustersOf(meaning: Meaning): ReadonlyMap<string, unknown> {
  const clusters = meaning.get(CLUSTERS);
  const pairs = clusters instanceof Map ? [...clusters] : [];
  return new Map(pairs.map(([key, value]) => [String(key), value] as const));
}

interface Found {
  readonly offset: number;
  readonly message: string;
}

const HINT = 'Correct the file by hand, or restore a backup: clusterkit cluster restore --list';

const locate =
  (text: string, path: string) =>
  ({ offset, message }: Found, index: number): Problem => {
    const { line, column } = positionAt(text, offset);
    return {
      path: `${path}:${line}:${column}`,
      message,
      ...(index === 0 ? { hint: HINT } : {}),
    };
  };

/** All values, or a problem: an alias to nothing, or aliases that expand without end. */
function resolved(document: Document.Parsed, problems: Found[]): Meaning {
  try {
    const value: unknown = document.toJS({ mapAsMap: true });
    return value instanceof Map ? value : new Map();
  } catch (error) {
    let offset = 0;
    visit(document, {
      Alias(_key, alias) {
        if (alias.resolve(document) !== undefined) return undefined;
        offset = alias.range?.[0] ?? 0;
        return visit.BREAK;
      },
    });
    problems.push({ offset, message: `${(error as Error).message}.` });
    return new Map();
  }
}

/** The node as a map, aliases resolved; a missing value counts as an empty map. */
function asMap(node: ParsedNode | null, document: Document.Parsed, what: string) {
  const target = isAlias(node) ? node.resolve(document) : node;
  const offset = node?.range?.[0] ?? 0;
  if (isMap(target)) return { map: target as FileMap, problems: [] };
  if (target == null || (isScalar(target) && target.value === null)) {
    return { map: undefined, problems: [] };
  }
  const found = isScalar(target) ? 'a single value' : 'a list';
  const message = `${what} must be a map of keys and values, but is ${found}.`;
  return { map: undefined, problems: [{ offset, message }] };
}

/** The pairs of `map` by key; duplicate keys and keys that are not plain names become problems. */
function namedPairs(map: FileMap, problems: Found[]): Map<string, FilePair> {
  const pairs = new Map<string, FilePair>();
  for (const pair of map.items) {
    const offset = pair.key.range[0];
    if (!isPair(pair) || !isScalar(pair.key)) {
      problems.push({ offset, message: 'A key must be a plain name.' });
      continue;
    }
    const name = String(pair.key.value);
    if (pairs.has(name)) problems.push({ offset, message: `The key '${name}' is defined twice.` });
    else pairs.set(name, pair);
  }
  return pairs;
}
