import { z } from 'zod';
import { type Problem, usageError } from '../../../lib/errors.js';
import type { Generation } from '../../../prisma/generation.js';
import {
  parseConfiguration,
  type ReadFile,
  readConfiguration,
  schemaProblems,
} from '../../configuration-file.js';
import { fromVariables } from './from-variables.js';
import { type ServerSettings, settingsSchema } from './settings-schema.js';

const generationSchema = z.enum(['A', 'B', 'C']).optional();

/**
 * Reads settings in upstream's forms: YAML in `PRISMA_CONFIG`, else the file in
 * `PRISMA_CONFIG_PATH`, else the variables of servers up to 1.6. In all of them, the kit's own
 * `CLUSTERKIT_GENERATION` wins over the key `generation`. Keys of upstream without a meaning here
 * are ignored.
 * @throws KitError with all problems
 */
export function readSettings(env: NodeJS.ProcessEnv, readFile: ReadFile): ServerSettings {
  const { PRISMA_CONFIG: inline, PRISMA_CONFIG_PATH: path } = env;
  const source = inline ? 'PRISMA_CONFIG' : path || 'environment';
  const generation = generationSchema.safeParse(env.CLUSTERKIT_GENERATION || undefined);
  const yaml = inline || (path && readConfiguration(path, readFile));
  const given = yaml ? parseYaml(source, yaml) : fromVariables(env, generation.data, parseYaml);
  const result = settingsSchema.safeParse(withGeneration(given, generation.data));
  const problems: Problem[] = [];
  if (!generation.success) {
    const value = JSON.stringify(env.CLUSTERKIT_GENERATION);
    const message = `is ${value}, and must be A (up to 1.6), B (1.7 to 1.26) or C (from 1.27)`;
    problems.push({ path: 'CLUSTERKIT_GENERATION', message });
  }
  if (!result.success) problems.push(...schemaProblems(source, result.error));
  if (result.success && problems.length === 0) return result.data;
  throw usageError('configuration-invalid', problems);
}

/** Upstream's servers read YAML 1.1. */
const parseYaml = (path: string, yaml: string) => parseConfiguration(path, yaml, '1.1');

const withGeneration = (given: unknown, generation: Generation | undefined): unknown =>
  generation && typeof given === 'object' ? { ...given, generation } : given;
