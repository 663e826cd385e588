import { type Document, isAlias, isMap, isScalar } from 'yaml';
import type { z } from 'zod';
import type { Problem } from '../../lib/errors.js';
import { shownKey, shownValue } from '../../lib/shown-value.js';
import { unknownName } from '../../lib/unknown-name.js';
import { clusterOfAnyTarget, type FileTarget, keysOf } from './schema.js';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Converts an issue of the schema to problems, each with its position in the file. */
export function issueProblems(
  issue: Issue,
  document: Document | undefined,
  file: unknown,
  /** An offset as `file:line:column`. */
  at: (offset: number) => string,
  targets: readonly FileTarget[],
): Problem[] {
  return plainIssues(issue, file, targets).flatMap((plain) => {
    const path = plain.path.map(String);
    const problem = (keys: readonly string[], message: string): Problem => ({
      path: `${at(offsetOf(document, keys))} ${keys.map(shownKey).join('.')}`.trimEnd(),
      message,
    });
    if (plain.code === 'unrecognized_keys') {
      return plain.keys.map((key) => {
        const hint = hintFor(key, path, file, targets);
        return { ...problem([...path, key], 'is not a known key'), ...(hint && { hint }) };
      });
    }
    if (plain.code === 'invalid_key') {
      return plain.issues.map(({ message }) => problem(path, message));
    }
    const value = valueAt(file, path);
    const given =
      value === undefined || isRecord(value) ? '' : ` (given: ${shownValue(value, path.at(-1))})`;
    return [problem(path, `${value === undefined ? 'is missing' : messageOf(plain)}${given}`)];
  });
}

/** The message of an issue; a kind of value in our words. */
function messageOf(issue: Issue): string {
  const isLibraryText = issue.code === 'invalid_type' && issue.message.startsWith('Invalid input');
  if (!isLibraryText) return issue.message;
  const kind = KINDS[issue.expected];
  return kind === undefined ? issue.message : `should be ${kind}`;
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'a map',
  record: 'a map',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
};

/** The hint for a key of a cluster that its target does not have. */
function hintFor(
  key: string,
  path: readonly string[],
  file: unknown,
  targets: readonly FileTarget[],
): string | undefined {
  const [root, name, part, ...deeper] = path;
  if (root !== 'clusters' || name === undefined || deeper.length > 0) return undefined;
  const given = valueAt(file, [root, name, 'target']);
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
function plainIssues(issue: Issue, file: unknown, targets: readonly FileTarget[]): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  if (issue.errors.length === 0) {
    const path = issue.path.slice(0, -1);
    const result = clusterOfAnyTarget(targets).safeParse(valueAt(file, path));
    return (
      result.error?.issues.flatMap((each) => plainIssues(below(path, each), file, targets)) ?? []
    );
  }
  const [meant] = issue.errors
    .filter((issues) => issues.every(({ path, code }) => isInside(path, code)))
    .sort((a, b) => strangeKeys(a) - strangeKeys(b));
  return meant?.flatMap((each) => plainIssues(below(issue.path, each), file, targets)) ?? [issue];
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

/** The value at `path`; undefined when there is none. */
const valueAt = (file: unknown, path: Path): unknown =>
  path.reduce(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    file,
  );

const isRecord = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Offset of the deepest key of `path` that the document has, behind aliases too: a missing key points at
 * its parent.
 */
function offsetOf(document: Document | undefined, path: readonly string[]): number {
  let node: unknown = document?.contents;
  let offset = 0;
  for (const key of path) {
    const map = document && isAlias(node) ? node.resolve(document) : node;
    if (!isMap(map)) break;
    const pair = map.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    if (pair === undefined) break;
    if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
    node = pair.value;
  }
  return offset;
}
