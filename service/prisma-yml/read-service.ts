import { dirname, resolve } from 'node:path';
import { isMap, isScalar, type LineCounter, type YAMLMap } from 'yaml';
import { type Problem, usageError } from '../../lib/errors.js';
import { readTextFile } from '../../lib/read-text-file.js';
import { Secret } from '../../lib/secret.js';
import { readYaml } from '../../lib/yaml-text.js';
import { interpolate, type VariableSources, variablesOf } from './interpolate.js';
import { rememberedCluster } from './remembered-cluster.js';
import type { Field, Form, Service } from './service.js';

/** Sources of variables; `env` includes the variables of the `.env` file. */
export type ServiceVariables = Pick<VariableSources, 'env' | 'opt'>;

/**
 * Reads a prisma.yml and the datamodel that it names.
 *
 * @throws KitError `prisma-yml-invalid` (exit 2) with every problem, each with its line
 */
export async function readService(file: string, variables: ServiceVariables): Promise<Service> {
  const text = await readTextFile(file);
  const read = readDefinition(file, text, variables);
  const parts: string[] = [];
  for (const path of read.datamodel) {
    try {
      parts.push(`${await readTextFile(resolve(dirname(file), path))}\n`);
    } catch {
      const at = `${file}:${read.datamodelLine}`;
      read.problems.push({ path: at, message: `cannot read its datamodel ${path}` });
    }
  }
  if (read.problems.length > 0) throw usageError('prisma-yml-invalid', read.problems);
  return { ...read.definition, datamodel: read.datamodel, types: parts.join('') };
}

interface Definition {
  readonly definition: Omit<Service, 'datamodel' | 'types'>;
  readonly datamodel: readonly string[];
  readonly datamodelLine: number;
  readonly problems: Problem[];
}

function readDefinition(file: string, text: string, variables: ServiceVariables): Definition {
  const { document, problems: wrong, lines } = readYaml(text);
  const contents = document?.contents;
  if (wrong.length > 0 || !isMap(contents)) {
    const problems = wrong.map(({ message, offset }) => ({
      path: `${file}:${lines.linePos(offset).line}`,
      message,
    }));
    const empty = { path: file, message: 'it has no keys', hint: 'Write endpoint and datamodel.' };
    throw usageError('prisma-yml-invalid', problems.length > 0 ? problems : empty);
  }
  const root = document?.toJS({ maxAliasCount: -1 }) as Record<string, unknown>;
  const problems: Problem[] = [];
  const lineOf = (key: string) => lineIn(contents, key, lines);
  const sources = { ...variables, self: root };
  /** `later`: the kit may set its variables later. */
  const field = (key: string, later = false): Field | undefined => {
    const raw = root[key];
    if (raw === undefined || raw === null) return undefined;
    const path = `${file}:${lineOf(key)} ${key}`;
    const { value, missing } = interpolate(raw, sources);
    if (typeof raw !== 'string' || typeof value !== 'string') {
      problems.push({ path, message: 'must be a text', hint: `Put it in quotes: ${key}: '…'` });
      return undefined;
    }
    if (missing.length > 0 && !later) problems.push(missingVariable(path, missing));
    return { raw, value: missing.length > 0 ? undefined : value, line: lineOf(key) };
  };

  const endpoint = field('endpoint', true);
  const cluster = field('cluster', true);
  const service = field('service');
  const stage = field('stage');
  const form: Form = endpoint ? 'endpoint' : service || stage || cluster ? 'cluster' : 'bare';
  if (endpoint && cluster) problems.push(bothGiven(file, cluster.line));
  if (form === 'cluster' && problems.length === 0) {
    for (const [key, value] of Object.entries({ service, stage })) {
      if (!value) problems.push({ path: file, message: `${key} is missing beside cluster` });
    }
  }
  const datamodel = datamodelOf(root.datamodel, sources);
  if (datamodel.length === 0) {
    const hint = 'Write datamodel: datamodel.graphql';
    problems.push({ path: file, message: 'datamodel is missing', hint });
  }
  const definition = {
    ...{ file, form, service, stage, cluster, endpoint, root },
    remembered: form === 'cluster' ? undefined : rememberedCluster(text),
    secrets: secretsOf(field('secret')),
    variables: [...new Set(variablesOf(root))],
    flags: [...new Set([...text.matchAll(/opt:([\w.-]+)/g)].map(([, name = '']) => name))],
  };
  return { definition, datamodel, datamodelLine: lineOf('datamodel'), problems };
}

function lineIn(map: YAMLMap, key: string, lines: LineCounter): number {
  const pair = map.items.find((each) => isScalar(each.key) && each.key.value === key);
  return lines.linePos((isScalar(pair?.key) ? pair.key.range?.[0] : undefined) ?? 0).line;
}

function datamodelOf(raw: unknown, sources: VariableSources): string[] {
  const paths = Array.isArray(raw) ? raw : [raw];
  return paths
    .map((path) => interpolate(path, sources).value)
    .filter((path) => typeof path === 'string');
}

/** The CLIs remove all blanks, and separate secrets at commas. */
const secretsOf = (field: Field | undefined): Secret[] =>
  (field?.value ?? '')
    .replace(/\s/g, '')
    .split(',')
    .flatMap((text) => (text === '' ? [] : [new Secret(text)]));

const missingVariable = (path: string, missing: readonly string[]): Problem => ({
  path,
  message: `${missing.join(' and ')} has no value`,
  hint: missing.some((name) => name.startsWith('opt:'))
    ? 'Pass the flag behind the dashes: clusterkit deploy -- --name value'
    : 'Set the variable, or write it into .env or the file that --env-file names.',
});

const bothGiven = (file: string, line: number): Problem => ({
  path: `${file}:${line} cluster`,
  message:
    'cannot be combined with endpoint: which of the two is used depends on the version of the CLI',
  hint: 'Keep one of the two.',
});
