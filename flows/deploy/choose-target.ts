import { usageError } from '../../lib/errors.js';
import { expandVariables } from '../../lib/registry/expand-variables.js';
import type { Registry } from '../../lib/registry/read-registry.js';
import type { FileChange } from '../../lib/service/changed-for-run.js';
import { interpolate, type VariableSources } from '../../lib/service/interpolate.js';
import { originOf, parseEndpoint, sameHost } from '../../lib/service/parse-endpoint.js';
import type { Field, Service } from '../../lib/service/service.js';
import { unknownName } from '../../lib/unknown-name.js';
import { findEntry } from '../resolve-entry.js';

/** Where a service goes, and what has to be arranged for it. */
export interface Target {
  /** Name in the registry. */
  readonly cluster: string;
  readonly service: string;
  readonly stage: string;
  /** Variables that prisma.yml leaves open, with what they have to be. */
  readonly variables: Readonly<Record<string, string>>;
  readonly change: FileChange;
}

/** What decides. */
export interface Choice {
  readonly registry: Registry;
  /** `--cluster`, `--service`, `--stage`. */
  readonly wish: {
    readonly cluster?: string | undefined;
    readonly service?: string | undefined;
    readonly stage?: string | undefined;
  };
  readonly sources: Pick<VariableSources, 'env' | 'opt'>;
  /** Asks a person for one of the clusters. @throws when there is nobody to ask */
  readonly ask: () => Promise<string>;
}

/** A value that is one environment variable, perhaps with a default, perhaps with a path behind it. */
const ONE_VARIABLE = /^\$\{\s*env:([\w.-]+)\s*(?:,[^}]*)?\}(\/.*)?$/;
/** What CLIs from 1.7 on take when prisma.yml has no endpoint. */
const ENDPOINT_VARIABLE = 'PRISMA_MANAGEMENT_API_ENDPOINT';

/**
 * The cluster that a service is deployed to (docs/decisions/cluster-line.md): `--cluster`, else what
 * prisma.yml and its variables say, else what a person chooses.
 *
 * @throws KitError `cluster-unknown`, `cluster-unnamed`, `endpoint-invalid`, `endpoint-fixed`,
 *   `service-unnamed`, `service-differs` (exit 2)
 */
export async function chooseTarget(service: Service, choice: Choice): Promise<Target> {
  const target = await (service.form === 'cluster' ? byName : byEndpoint)(service, choice);
  const { wish } = choice;
  for (const key of ['service', 'stage'] as const) {
    const wanted = wish[key];
    if (wanted === undefined || wanted === target[key]) continue;
    throw usageError('service-differs', {
      path: `--${key}`,
      message: `'${wanted}' is not what prisma.yml says: '${target[key]}'`,
      hint: `Leave it out, or let prisma.yml take it: ${key}: \${opt:${key}}`,
    });
  }
  return target;
}

async function byName(service: Service, choice: Choice): Promise<Target> {
  const { registry, wish, ask } = choice;
  const line = service.cluster;
  const variable = line && ONE_VARIABLE.exec(line.raw)?.[1];
  const named = wish.cluster ?? line?.value;
  if (named !== undefined) {
    requireEntry(
      registry,
      named,
      wish.cluster === undefined ? placeOf(service, line) : '--cluster',
    );
  }
  const cluster = named ?? (await ask());
  const kind =
    line === undefined ? 'write' : variable || line.value === cluster ? 'none' : 'for-run';
  return {
    cluster,
    service: service.service?.value ?? '',
    stage: service.stage?.value ?? '',
    variables: variable === undefined ? {} : { [variable]: cluster },
    change: { kind, cluster },
  };
}

async function byEndpoint(service: Service, choice: Choice): Promise<Target> {
  const { endpoint } = service;
  const [, named, path] = (endpoint && ONE_VARIABLE.exec(endpoint.raw)) ?? [];
  const variable = endpoint === undefined ? ENDPOINT_VARIABLE : named;
  const current = endpoint === undefined ? choice.sources.env[ENDPOINT_VARIABLE] : endpoint.value;
  if (variable === undefined) return byLiteral(service, choice);

  const { registry, wish, ask } = choice;
  const { remembered } = service;
  const at = placeOf(service, endpoint);
  let cluster =
    wish.cluster ?? (current === undefined ? remembered?.name : byHost(current, at, choice));
  const kind = current === undefined && remembered === undefined ? 'remember' : 'none';
  if (cluster !== undefined) {
    const place = remembered ? `${service.file}:${remembered.line}` : at;
    requireEntry(registry, cluster, wish.cluster === undefined ? place : '--cluster');
  }
  const parts =
    path === undefined
      ? wholeParts(current, at, variable, choice)
      : checkedEndpoint(`http://host${pathOf(path, service, choice)}`, at);
  cluster ??= await ask();
  const host = originOf(hostOf(registry, cluster, choice));
  return {
    cluster,
    service: parts.service,
    stage: parts.stage,
    variables: {
      [variable]: path === undefined ? `${host}/${parts.service}/${parts.stage}` : host,
    },
    change: { kind, cluster },
  };
}

function byLiteral(service: Service, choice: Choice): Target {
  const { endpoint } = service;
  const at = placeOf(service, endpoint);
  if (endpoint?.value === undefined) {
    throw usageError('endpoint-invalid', {
      path: at,
      message: `${endpoint?.raw} cannot be resolved`,
      hint: `Set its variables, or write it with one for the host: \${env:PRISMA_ENDPOINT}/SERVICE/STAGE`,
    });
  }
  const { host, service: name, stage } = checkedEndpoint(endpoint.value, at);
  const { registry, wish } = choice;
  if (wish.cluster !== undefined) {
    requireEntry(registry, wish.cluster, '--cluster');
    const wanted = hostOf(registry, wish.cluster, choice);
    if (!sameHost(wanted, host)) throw fixedEndpoint(at, host, wish.cluster, name, stage);
  }
  const cluster = wish.cluster ?? byHost(endpoint.value, at, choice);
  return { cluster, service: name, stage, variables: {}, change: { kind: 'none', cluster } };
}

/** Service and stage for an endpoint that is a variable as a whole. */
function wholeParts(current: string | undefined, at: string, variable: string, { wish }: Choice) {
  const known = current === undefined ? undefined : checkedEndpoint(current, at);
  const service = wish.service ?? known?.service;
  const stage = wish.stage ?? known?.stage;
  if (service !== undefined && stage !== undefined) return { service, stage };
  throw usageError('service-unnamed', {
    path: at,
    message: `nothing tells service and stage while ${variable} is not set`,
    hint: 'Name them: --service NAME --stage NAME.',
  });
}

const pathOf = (path: string, { root }: Service, { sources }: Choice): string =>
  String(interpolate(path, { ...sources, self: root }).value);

function checkedEndpoint(value: string, at: string) {
  const parsed = parseEndpoint(value);
  if (typeof parsed !== 'string') return parsed;
  const hint = 'Write it as http://HOST:PORT/SERVICE/STAGE.';
  throw usageError('endpoint-invalid', { path: at, message: parsed, hint });
}

/** The entry of the registry that an endpoint leads to; of several, the first by name. */
function byHost(endpoint: string, at: string, choice: Choice): string {
  const { host } = checkedEndpoint(endpoint, at);
  const { registry } = choice;
  const names = registry.entries
    .filter(({ name }) => sameHost(hostOf(registry, name, choice), host))
    .map(({ name }) => name)
    .sort();
  const [first] = names;
  if (first !== undefined) return first;
  const hosts = registry.entries.map(({ name }) => originOf(hostOf(registry, name, choice)));
  throw usageError('cluster-unknown', {
    path: at,
    message: `no cluster of the registry is at ${host}`,
    hint: `${unknownName(host, [...new Set(hosts)], 'It has no clusters.')} Add it: clusterkit cluster add NAME --host ${host} --key-file FILE`,
  });
}

function requireEntry(registry: Registry, name: string, path: string): void {
  try {
    findEntry(registry, name);
  } catch {
    const known = registry.entries.map((each) => each.name);
    throw usageError('cluster-unknown', {
      path,
      message: `the registry has no cluster '${name}'`,
      hint: unknownName(name, known, `It has no clusters: ${registry.path}`),
    });
  }
}

function hostOf(registry: Registry, name: string, { sources }: Choice): string {
  const { host } = findEntry(registry, name);
  return expandVariables(host, sources.env) ?? host;
}

const placeOf = ({ file }: Service, field: Field | undefined): string =>
  field === undefined ? file : `${file}:${field.line}`;

const fixedEndpoint = (at: string, host: string, cluster: string, name: string, stage: string) =>
  usageError('endpoint-fixed', {
    path: at,
    message: `the endpoint leads to ${host}, which is not cluster '${cluster}'`,
    hint: `Let a variable tell the host: endpoint: '\${env:PRISMA_ENDPOINT}/${name}/${stage}'. Then --cluster chooses.`,
  });
