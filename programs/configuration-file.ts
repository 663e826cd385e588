import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Problem, usageError } from '../lib/errors.js';

/** Reads a file; a parameter, for tests. */
export type ReadFile = (path: string) => string;

/** Reads the configuration file of a program in a container. @throws KitError (exit 2) */
export function readConfiguration(path: string, readFile: ReadFile): string {
  try {
    return readFile(path);
  } catch (cause) {
    const message = `cannot be read: ${(cause as NodeJS.ErrnoException).code}`;
    throw usageError('configuration-unreadable', { path, message, cause });
  }
}

/** Parses its YAML. Errors never quote the file, which holds secrets. @throws KitError (exit 2) */
export function parseConfiguration(
  path: string,
  yaml: string,
  version: '1.1' | '1.2' = '1.2',
): unknown {
  // Warnings quote the source as well.
  const document = parseDocument(yaml, { version, prettyErrors: false, logLevel: 'error' });
  const [error] = document.errors;
  // The parser's messages may quote the source, which holds secrets: only code and position are
  // reported.
  const malformed = (what: string) =>
    usageError('configuration-malformed', { path, message: `not valid YAML: ${what}` });
  if (error !== undefined) throw malformed(`${error.code} at character ${error.pos[0]}`);
  try {
    return document.toJS() ?? {};
  } catch {
    throw malformed('an alias without its anchor, or too many of them');
  }
}

/**
 * Reads and validates a whole file.
 * @throws KitError `configuration-…` (exit 2) with all problems
 */
export function loadConfiguration<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  readFile: ReadFile,
): z.output<Schema> {
  const result = schema.safeParse(parseConfiguration(path, readConfiguration(path, readFile)));
  if (result.success) return result.data;
  throw usageError('configuration-invalid', schemaProblems(path, result.error));
}

/** A schema's complaints as problems with their paths. */
export const schemaProblems = (path: string, { issues }: z.ZodError): Problem[] =>
  issues.map(({ path: keys, message }) => ({ path: [path, ...keys].join('.'), message }));
