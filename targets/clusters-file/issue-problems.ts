import { type Document, isMap, isScalar } from 'yaml';
import type { z } from 'zod';
import type { Problem } from '../../lib/errors.js';
import { unknownName } from '../../lib/unknown-name.js';
import { clusterOfAnyTarget, type FileTarget, keysOf } from './schema.js';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Converts an issue of the schema to problems, each with its position in the file. */
export function issueProblems(
  issue: Issue,
  document: Document,
  /** An offset as `file:line:column`. */
  at: (offset: number) => string,
  targets: readonly FileTarget[],
): Problem[] {
  return plainIssues(issue, document, targets).flatMap((plain) => {
    const path = plain.path.map(String);
    const problem = (keys: readonly string[], message: string): Problem => ({
      path: `${at(offsetOf(document, keys))} ${keys.join('.')}`,
      message,
    });
    if (plain.code === 'unrecognized_keys') {
      return plain.keys.map((key) => {
        const hint = hintFor(key, path, document, targets);
        return { ...problem([...path, key], 'is not a known key'), ...(hint && { hint }) };
      });
    }
    if (plain.code === 'invalid_key') {
      return plain.issues.map(({ message }) => problem(path, message));
    }
    const value: unknown = document.getIn(path);
    const given = value === undefined || isMap(value) ? '' : ` (given: ${JSON.stringify(value)})`;
    return [problem(path, `${value === undefined ? 'is missing' : plain.message}${given}`)];
  });
}

/** The hint for a key of a cluster that its target does not have. */
function hintFor(
  key: string,
  path: readonly string[],
  document: Document,
  targets: readonly FileTarget[],
): string | undefined {
  const [root, name, part, ...deeper] = path;
  if (root !== 'clusters' || name === undefined || deeper.length > 0) return undefined;
  const given = document.getIn([root, name, 'target']);
  const target = targets.find((each) => each.name === given);
  if (target === undefined) return undefined;
  const others = targets.filter((each) => each !== target && keysOf(each, part).includes(key));
  if (others.length > 0) {
    const names = others.map((each) => `target: ${each.name}`).join(' or ');
    return `Only clusters with ${names} have it; remove it.`;
  }
  return part === undefined ? unknownName(key, keysOf(target), '') : undefined;
}

/** The issues of the intended form, where several are allowed. */
function plainIssues(issue: Issue, document: Document, targets: readonly FileTarget[]): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  if (issue.errors.length === 0) {
    const path = issue.path.slice(0, -1);
    const value: unknown = document.getIn(path);
    const result = clusterOfAnyTarget(targets).safeParse(
      isMap(value) ? value.toJS(document) : value,
    );
    return (
      result.error?.issues.flatMap((each) => plainIssues(below(path, each), document, targets)) ??
      []
    );
  }
  const [meant] = issue.errors
    .filter((issues) => issues.every(({ path, code }) => isInside(path, code)))
    .sort((a, b) => strangeKeys(a) - strangeKeys(b));
  return (
    meant?.flatMap((each) => plainIssues(below(issue.path, each), document, targets)) ?? [issue]
  );
}

/** The value has this form; something inside is invalid. */
const isInside = (path: Path, code: Issue['code']) =>
  path.length > 0 || code === 'unrecognized_keys';

/** The intended form is the one with the fewest unknown keys. */
const strangeKeys = (issues: readonly Issue[]) =>
  issues.flatMap((each) =>
    each.code === 'unrecognized_keys' && each.path.length === 0 ? each.keys : [],
  ).length;

const below = (path: Path, issue: Issue): Issue => ({ ...issue, path: [...path, ...issue.path] });

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
