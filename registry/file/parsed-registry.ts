import type { Document, Pair, ParsedNode, YAMLMap } from 'yaml';

/** A key and its value in the file; the value of a bare `key:` is null. */
export type FilePair = Pair<ParsedNode, ParsedNode | null>;
/** A mapping in the file. */
export type FileMap = YAMLMap.Parsed<ParsedNode, ParsedNode | null>;

/** The values of a registry text. */
export type Meaning = ReadonlyMap<unknown, unknown>;

/** A valid registry text: one document, maps where maps are expected, no key twice. */
export interface ParsedRegistry {
  readonly text: string;
  /** Undefined for a text that is empty or has comments only. */
  readonly document: Document.Parsed | undefined;
  /** Line of an offset in the text, from 1. */
  readonly lineOf: (offset: number) => number;
  /** Keys and values of the whole file, aliases and merges resolved. */
  readonly meaning: Meaning;
  readonly top: FileMap | undefined;
  /** The pair `clusters: …` of the file. */
  readonly clusters: FilePair | undefined;
  readonly clusterMap: FileMap | undefined;
  /** The pairs of the cluster map by name, in order. */
  readonly entries: ReadonlyMap<string, FilePair>;
}

export const CLUSTERS = 'clusters';
export const CLOUD_SESSION = 'cloudSessionKey';
