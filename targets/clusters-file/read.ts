import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import { usageError } from '../../lib/errors.js';
import { TARGETS } from '../all.js';
import { issueProblems } from './issue-problems.js';
import { type Clusters, clustersFile, type FileTarget } from './schema.js';

/** Reads and validates a `clusters.yml`. @throws KitError `config-missing`, `config-invalid` (exit 2) */
export async function readClustersFile(
  path: string,
  targets: readonly FileTarget[] = TARGETS,
): Promise<Clusters> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw usageError('config-missing', {
      path,
      message: `cannot be read (${cause instanceof Error ? cause.message : cause})`,
      hint: 'Run in the directory with clusters.yml, or pass its path with --config.',
      cause,
    });
  }
  return parseClusters(text, path, targets);
}

/** Parses a `clusters.yml`; reports all problems, each with `file:line:column` and path. */
export function parseClusters(
  text: string,
  file: string,
  targets: readonly FileTarget[] = TARGETS,
): Clusters {
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
  const result = clustersFile(targets).safeParse(document.toJS() ?? {});
  if (result.success) return result.data.clusters as unknown as Clusters;
  throw usageError(
    'config-invalid',
    result.error.issues.flatMap((issue) => issueProblems(issue, document, at, targets)),
  );
}
