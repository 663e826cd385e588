import { usageError } from '../../lib/errors.js';
import type { Registry } from '../../registry/file/read-registry.js';
import { findEntry } from '../../registry/resolve-entry.js';
import type { FileChange } from '../prisma-cli/changed-for-run.js';
import { interpolate, type VariableSources } from '../prisma-yml/interpolate.js';
import { originOf, sameHost, tidyEndpoint } from '../prisma-yml/parse-endpoint.js';
import type { Field, Service } from '../prisma-yml/service.js';
import { checkedEndpoint, entryAt, hostOf } from './registry-lookup.js';

/** The target of a deployment, and what it requires. */
export interface Target {
  /** Name in the registry. */
  readonly cluster: string;
  readonly service: string;
  readonly stage: string;
  /** Values for the variables in prisma.yml that choose the target. */
  readonly variables: Readonly<Record<string, string>>;
  readonly change: FileChange;
}

/** What determines the target. */
export interface Choice {
  readonly registry: Registry;
  /** `--cluster`, `--service`, `--stage`. */
  readonly request: {
    readonly cluster?: string | undefined;
    readonly service?: string | undefined;
    readonly stage?: string | undefined;
  };
  readonly sources: Pick<VariableSources, 'env' | 'opt'>;
  /** Asks the user for a cluster; `why` it is not known. @throws when there is no terminal */
  readonly ask: (why: string) => Promise<string>;
}

/** A value that is one environment variable, perhaps with a default, perhaps followed by a path. */
const ONE_VARIABLE = /^\$\{\s*env:([\w.-]+)\s*(?:,[^}]*)?\}(\/.*)?$/;
/** The variable that CLIs from 1.7 on use when prisma.yml has no endpoint. */
const ENDPOINT_VARIABLE = 'PRISMA_MANAGEMENT_API_ENDPOINT';

/**
 * Chooses the cluster to deploy to (docs/decisions/cluster-line.md): `--cluster`, else the one in
 * prisma.yml and its variables, else the user's choice.
 *
 * @throws KitError `cluster-unknown`, `cluster-unnamed`, `endpoint-invalid`, `endpoint-fixed`,
 *   `service-unnamed`, `service-differs` (exit 2)
 */
export async function chooseTarget(service: Service, choice: Choice): Promise<Target> {
  const target = await (service.form === 'cluster' ? byName : byEndpoint)(service, choice);
  const { request } = choice;
  for (const key of ['service', 'stage'] as const) {
    const leftOver = service.endpoint && service[key];
    if (leftOver && leftOver.value !== target[key]) {
      throw usageError('service-differs', {
        path: `${placeOf(service, leftOver)} ${key}`,
        message: `'${leftOver.value}' differs from the ${key} in the endpoint: '${target[key]}'`,
        hint: 'Remove the line: which of the two the CLI uses depends on its version.',
      });
    }
    const wanted = request[key];
    if (wanted === undefined || wanted === target[key]) continue;
    throw usageError('service-differs', {
      path: `--${key}`,
      message: `'${wanted}' differs from the ${key} in prisma.yml: '${target[key]}'`,
      hint: `Omit it, or use it in prisma.yml: ${key}: \${opt:${key}}`,
    });
  }
  return target;
}

async function byName(service: Service, choice: Choice): Promise<Target> {
  const { registry, request, ask } = choice;
  const line = service.cluster;
  const variable = line && ONE_VARIABLE.exec(line.raw)?.[1];
  const named = request.cluster ?? line?.value;
  if (named !== undefined) {
    findEntry(
      registry,
      named,
      request.cluster === undefined ? placeOf(service, line) : '--cluster',
    );
  }
  const cluster = named ?? (await ask(whyUnnamed(line)));
  const kind =
    line === undefined ? 'write' : variable ? 'none' : line.value === cluster ? 'hold' : 'for-run';
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
  if (variable === undefined) return byLiteral(service, choice);
  const value = endpoint === undefined ? choice.sources.env[ENDPOINT_VARIABLE] : endpoint.value;
  // The CLI receives the variable from the kit, without slashes that it would read as further parts.
  const current = value ? tidyEndpoint(value) : undefined;

  const { registry, request, ask } = choice;
  const { env } = choice.sources;
  const { remembered } = service;
  const at = placeOf(service, endpoint);
  let cluster =
    request.cluster ??
    (current === undefined ? remembered?.name : entryAt(current, at, registry, env));
  const kind = current === undefined && remembered === undefined ? 'remember' : 'none';
  if (cluster !== undefined) {
    const place = remembered ? `${service.file}:${remembered.line}` : at;
    findEntry(registry, cluster, request.cluster === undefined ? place : '--cluster');
  }
  const parts =
    path === undefined
      ? wholeParts(current, at, variable, choice)
      : checkedEndpoint(`http://host${pathOf(path, service, choice)}`, at);
  cluster ??= await ask(whyUnnamed(endpoint));
  const host = originOf(hostOf(registry, cluster, env));
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
      hint: `Set its variables, or use one for the host: \${env:PRISMA_ENDPOINT}/SERVICE/STAGE`,
    });
  }
  const { host, service: name, stage } = checkedEndpoint(endpoint.value, at);
  const { registry, request } = choice;
  const { env } = choice.sources;
  if (request.cluster !== undefined) {
    findEntry(registry, request.cluster, '--cluster');
    const wanted = hostOf(registry, request.cluster, env);
    if (!sameHost(wanted, host)) throw fixedEndpoint(at, host, request.cluster, name, stage);
  }
  const cluster = request.cluster ?? entryAt(endpoint.value, at, registry, env);
  return { cluster, service: name, stage, variables: {}, change: { kind: 'none', cluster } };
}

/** Service and stage of an endpoint that consists of one variable. */
function wholeParts(
  current: string | undefined,
  at: string,
  variable: string,
  { request }: Choice,
) {
  const known = current === undefined ? undefined : checkedEndpoint(current, at);
  const service = request.service ?? known?.service;
  const stage = request.stage ?? known?.stage;
  if (service !== undefined && stage !== undefined) return { service, stage };
  throw usageError('service-unnamed', {
    path: at,
    message: `service and stage are unknown, because ${variable} is not set`,
    hint: 'Pass them: --service NAME --stage NAME.',
  });
}

/** The path of an endpoint behind its variable. */
function pathOf(path: string, service: Service, { sources }: Choice): string {
  const { value, missing } = interpolate(path, { ...sources, self: service.root });
  if (missing.length === 0) return String(value);
  throw usageError('service-unnamed', {
    path: placeOf(service, service.endpoint),
    message: `${missing.join(' and ')} has no value`,
    hint: 'Set it, or pass it: --service NAME --stage NAME.',
  });
}

const whyUnnamed = (field: Field | undefined): string =>
  field === undefined ? 'it names no cluster' : `${field.raw} has no value`;

const placeOf = ({ file }: Service, field: Field | undefined): string =>
  field === undefined ? file : `${file}:${field.line}`;

const fixedEndpoint = (at: string, host: string, cluster: string, name: string, stage: string) =>
  usageError('endpoint-fixed', {
    path: at,
    message: `the endpoint is at ${host}, which is not the host of cluster '${cluster}'`,
    hint: `Use a variable for the host: endpoint: '\${env:PRISMA_ENDPOINT}/${name}/${stage}'. Then --cluster sets it.`,
  });
