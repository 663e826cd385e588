import { type Document, isAlias, isMap, isScalar, type ParsedNode, type Scalar } from 'yaml';
import { type Problem, usageError } from '../../lib/errors.js';
import { positionAt } from '../../lib/text-lines.js';
import { readYaml, type YamlLimits, type YamlProblem } from '../../lib/yaml-text.js';
import {
  CLUSTERS,
  type FileMap,
  type FilePair,
  type Meaning,
  type ParsedRegistry,
} from './parsed-registry.js';
import { parsePlainRegistry } from './plain-registry.js';

/** The user's own file, which has keys and certificates, and may have thousands of entries. */
const REGISTRY_LIMITS: YamlLimits = { bytes: 64 * 1024 * 1024, tokens: 2_000_000 };

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
  const fail = (problems: readonly YamlProblem[]): never => {
    throw usageError('registry-malformed', problems.map(locate(text, path)));
  };
  const stray = /\r(?!\n)/.exec(text);
  if (stray) fail([{ offset: stray.index, message: 'A carriage return without line feed.' }]);

  const { document, lines, problems: wrong } = readYaml(text, REGISTRY_LIMITS);
  if (wrong.length > 0 && (document === undefined || document.errors.length > 0)) fail(wrong);

  const top = document && asMap(document.contents, document, 'The file');
  const problems: YamlProblem[] = [...wrong, ...(top?.problems ?? [])];
  const pairs = namedPairs(top?.map);
  const clusters = pairs.get(CLUSTERS);
  const inner = clusters && document && asMap(clusters.value, document, `'${CLUSTERS}'`);
  problems.push(...(inner?.problems ?? []));
  const entries = namedPairs(inner?.map);
  for (const [name, { value }] of entries) {
    const entry = document && value && asMap(value, document, `The entry '${name}'`);
    problems.push(...(entry?.problems ?? []));
  }
  if (problems.length > 0) fail(problems);
  const value: unknown = document?.toJS({ mapAsMap: true, maxAliasCount: -1 });
  const meaning: Meaning = value instanceof Map ? value : new Map();
  const lineOf = (offset: number) => lines.linePos(offset).line;
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

const HINT = 'Correct the file by hand, or restore a backup: clusterkit cluster restore --list';

const locate =
  (text: string, path: string) =>
  ({ offset, message }: YamlProblem, index: number): Problem => {
    const { line, column } = positionAt(text, offset);
    return {
      path: `${path}:${line}:${column}`,
      message,
      ...(index === 0 ? { hint: HINT } : {}),
    };
  };

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

/** The pairs of a map by key. */
const namedPairs = (map: FileMap | undefined): Map<string, FilePair> =>
  new Map(map?.items.map((pair) => [String((pair.key as Scalar).value), pair]));
