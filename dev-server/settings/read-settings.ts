import { parseDocument } from 'yaml';
import { z } from 'zod';
import { type Problem, usageError } from '../../lib/errors.js';
import type { Generation } from '../../lib/generation.js';
import { fromVariables } from './from-variables.js';
import { type ServerSettings, settingsSchema } from './settings-schema.js';

const generationSchema = z.enum(['A', 'B', 'C']).optional();

/**
 * Settings in the upstream forms: YAML in `PRISMA_CONFIG`, else the file named by
 * `PRISMA_CONFIG_PATH`, else the variables that servers up to 1.6 read. In all of them
 * `CLUSTERKIT_GENERATION`, which is ours, wins over the key `generation`. Keys of upstream that
 * mean nothing here are ignored.
 * @throws KitError with all problems
 */
export function readSettings(
  env: NodeJS.ProcessEnv,
  readFile: (path: string) => string,
): ServerSettings {
  const { PRISMA_CONFIG: inline, PRISMA_CONFIG_PATH: path } = env;
  const source = inline ? 'PRISMA_CONFIG' : path || 'environment';
  const generation = generationSchema.safeParse(env.CLUSTERKIT_GENERATION || undefined);
  const yaml = inline || (path && readConfigFile(path, readFile));
  const given = yaml ? parseYaml(source, yaml) : fromVariables(env, generation.data, parseYaml);
  const result = settingsSchema.safeParse(withGeneration(given, generation.data));
  const problems: Problem[] = [];
  if (!generation.success) {
    const value = JSON.stringify(env.CLUSTERKIT_GENERATION);
    const message = `is ${value}, and must be A (up to 1.6), B (1.7 to 1.26) or C (from 1.27)`;
    problems.push({ path: 'CLUSTERKIT_GENERATION', message });
  }
  for (const { path: keys, message } of result.error?.issues ?? []) {
    problems.push({ path: [source, ...keys].join('.'), message });
  }
  if (result.success && problems.length === 0) return result.data;
  throw usageError('configuration-invalid', problems);
}

const withGeneration = (given: unknown, generation: Generation | undefined): unknown =>
  generation && typeof given === 'object' ? { ...given, generation } : given;

function readConfigFile(path: string, readFile: (path: string) => string): string {
  try {
    return readFile(path);
  } catch (cause) {
    const message = `cannot be read: ${(cause as NodeJS.ErrnoException).code}`;
    throw usageError('configuration-unreadable', { path, message }, cause);
  }
}

function parseYaml(path: string, yaml: string): unknown {
  const document = parseDocument(yaml, { version: '1.1', prettyErrors: false });
  const [error] = document.errors;
  if (error === undefined) return document.toJS() ?? {};
  // The parser's words may quote the source, which holds secrets: only code and place are told.
  const message = `not valid YAML: ${error.code} at character ${error.pos[0]}`;
  throw usageError('configuration-malformed', { path, message });
}
