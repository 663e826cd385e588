import { Document, Pair, Scalar, YAMLMap } from 'yaml';
import {
  CLUSTERS,
  type FileMap,
  type FilePair,
  type Meaning,
  type ParsedRegistry,
} from './parsed-registry.js';

/** Lines that mean the same to every reader of YAML; printable ASCII only. */
const LINE = {
  ignored: /^ *(?:#[\x20-\x7e]*)?$/,
  name: /^ {2}([A-Za-z_][\w.-]*):$/,
  host: /^ {4}host: (?:'([\x20-\x26\x28-\x7e]*)'|(https?:\/\/[\w.-]+(?::\d+)?))$/,
  secret: /^ {4}clusterSecret: ("[\x20-\x7e]*")$/,
} as const;
/** Plain words that YAML reads as another type. */
const TYPED = /^(?:true|false|null)$/i;

/**
 * Reads a registry that has only what the kit and the Prisma CLIs write: `clusters`, and entries of two
 * one-line fields. The YAML library takes a hundred times as long, and others wait meanwhile.
 *
 * @returns what the YAML library returns; `undefined`: the text has something else
 */
export function parsePlainRegistry(text: string): ParsedRegistry | undefined {
  const entries = new Map<string, FilePair>();
  const values = new Map<string, Map<string, string>>();
  const starts: number[] = [];
  let clusters: FilePair | undefined;
  let fields: FileMap | undefined;
  let value = new Map<string, string>();
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const line = text.slice(start, end);
    starts.push(start);
    if (clusters === undefined && line === `${CLUSTERS}:`) {
      clusters = pairOf(scalar(CLUSTERS, start, start + CLUSTERS.length), blockMap());
    } else if (!LINE.ignored.test(line)) {
      const name = LINE.name.exec(line)?.[1];
      if (clusters === undefined) return undefined;
      if (name !== undefined) {
        if (fields?.items.length === 0 || TYPED.test(name) || entries.has(name)) return undefined;
        fields = blockMap();
        value = new Map();
        const pair = pairOf(scalar(name, start + 2, start + 2 + name.length), fields);
        entries.set(name, pair);
        values.set(name, value);
        (clusters.value as FileMap).items.push(pair);
      } else {
        const field = fieldOf(line, start);
        if (fields === undefined || field === undefined || value.has(field.key)) return undefined;
        fields.items.push(field.pair);
        value.set(field.key, field.value);
      }
    }
    start = end + 1;
  }
  const clusterMap = clusters?.value as FileMap | undefined;
  if (clusters === undefined || fields === undefined || fields.items.length === 0) return undefined;
  for (const { value: each } of clusterMap?.items ?? []) setRange(each as FileMap);
  setRange(clusterMap as FileMap);
  const top = blockMap();
  top.items.push(clusters);
  setRange(top);
  const document = new Document(null) as unknown as Document.Parsed;
  document.contents = top;
  document.range = [0, text.length, text.length];
  const meaning: Meaning = new Map([[CLUSTERS, values]]);
  const lineOf = (offset: number) => lineIn(starts, offset);
  return { text, document, lineOf, meaning, top, clusters, clusterMap, entries };
}

/** `host: …` or `clusterSecret: …`; `undefined` for anything else. */
function fieldOf(line: string, start: number) {
  const host = LINE.host.exec(line);
  if (host !== null) {
    const value = host[1] ?? host[2] ?? '';
    return field('host', value, line, start, host[1] === undefined ? 'PLAIN' : 'QUOTE_SINGLE');
  }
  const quoted = LINE.secret.exec(line)?.[1];
  const value = quoted === undefined ? undefined : jsonText(quoted);
  if (value === undefined) return undefined;
  return field('clusterSecret', value, line, start, 'QUOTE_DOUBLE');
}

function field(key: string, value: string, line: string, start: number, type: Scalar.Type) {
  const at = start + 4;
  const from = at + key.length + 2;
  const node = scalar(value, from, start + line.length, type);
  return { key, value, pair: pairOf(scalar(key, at, at + key.length), node) };
}

/** A JSON text is a double-quoted scalar with the same value; the reverse does not hold. */
function jsonText(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

function scalar(value: string, start: number, end: number, type: Scalar.Type = 'PLAIN') {
  const node = new Scalar(value);
  node.range = [start, end, end];
  node.source = value;
  node.type = type;
  return node as Scalar.Parsed;
}

const pairOf = (key: Scalar.Parsed, value: Scalar.Parsed | FileMap): FilePair =>
  new Pair(key, value) as unknown as FilePair;

const blockMap = (): FileMap => new YAMLMap() as FileMap;

/** From the first key to the last value. */
function setRange(map: FileMap): void {
  const start = map.items[0]?.key.range[0] ?? 0;
  const end = map.items.at(-1)?.value?.range?.[1] ?? start;
  map.range = [start, end, end];
}

/** The line of `offset`, from 1, by bisection. */
function lineIn(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return Math.max(low, 1);
}
