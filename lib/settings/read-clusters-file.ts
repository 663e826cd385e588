import { readFile } from 'node:fs/promises';
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Problem, usageError } from '../errors.js';
import { type ClusterEntry, clustersFile } from './cluster-settings.js';

/** What `clusters.yml` says, by cluster name. */
export type Clusters = Readonly<Record<string, ClusterEntry>>;

/** Reads and validates a `clusters.yml`. @throws KitError `config-missing`, `config-invalid` (exit 2) */
export async function readClustersFile(path: string): Promise<Clusters> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw usageError(
      'config-missing',
      {
        path,
        message: `cannot be read (${cause instanceof Error ? cause.message : cause})`,
        hint: 'Run in the directory that has clusters.yml, or name the file with --config.',
      },
      cause,
    );
  }
  return parseClusters(text, path);
}

/** Text of a `clusters.yml` to settings; all problems at once, each with `file:line:column` and path. */
export function parseClusters(text: string, file: string): Clusters {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw usageError(
      'config-invalid',
      document.errors.map(({ message, pos }) => ({ path: at(pos[0]), message })),
    );
  }
  const result = clustersFile.safeParse(document.toJS() ?? {});
  if (result.success) return result.data.clusters;
  throw usageError(
    'config-invalid',
    result.error.issues.flatMap((issue) => toProblems(issue, document, at)),
  );
}

function toProblems(
  issue: z.core.$ZodIssue,
  document: Document,
  at: (offset: number) => string,
): Problem[] {
  const path = issue.path.map(String);
  const problem = (keys: readonly string[], message: string): Problem => ({
    path: `${at(offsetOf(document, keys))} ${keys.join('.')}`,
    message,
  });
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => problem([...path, key], 'is not a known key'));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => problem(path, message));
  }
  const value: unknown = document.getIn(path);
  const given = value === undefined || isMap(value) ? '' : ` (given: ${JSON.stringify(value)})`;
  return [problem(path, `${value === undefined ? 'is missing' : issue.message}${given}`)];
}

/** Offset of the deepest key of `path` that the document has: a missing key points at its parent. */
function offsetOf(document: Document, path: readonly string[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of path) {
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    if (pair === undefined) break;
    if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
    node = pair.value;
  }
  return offset;
}
