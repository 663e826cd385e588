import { usageError } from '../../lib/errors.js';
import { readTextFile } from '../../lib/read-text-file.js';
import { readYaml } from '../../lib/yaml-text.js';
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
    text = await readTextFile(path);
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
  const { document, problems, lines } = readYaml(text);
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (problems.length > 0) {
    throw usageError(
      'config-invalid',
      problems.map(({ offset, message }) => ({ path: at(offset), message })),
    );
  }
  const value = withoutExtensions(document?.toJS({ maxAliasCount: -1 }) ?? {});
  const result = clustersFile(targets).safeParse(value);
  if (result.success) return result.data.clusters as unknown as Clusters;
  const { issues } = result.error;
  const shown = issues
    .slice(0, MOST_ISSUES)
    .flatMap((issue) => issueProblems(issue, document, value, at, targets));
  const rest = issues.length - MOST_ISSUES;
  const more = rest > 0 ? [{ path: file, message: `has ${rest} more problems` }] : [];
  throw usageError('config-invalid', [...shown, ...more]);
}

/** Nobody reads more; each is looked up in the file from its beginning. */
const MOST_ISSUES = 100;

/**
 * `value` without the keys that start with `x-`, which belong to the user, such as a map that clusters merge.
 * A cluster may have such a name.
 */
function withoutExtensions(value: unknown, isNames = false): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => isNames || !key.startsWith('x-'))
      .map(([key, each]) => [key, withoutExtensions(each, !isNames && key === 'clusters')]),
  );
}
