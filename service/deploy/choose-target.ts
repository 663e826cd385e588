import { usageError } from '../../lib/errors.js';
import type { Registry } from '../../registry/file/read-registry.js';
import { findEntry } from '../../registry/resolve-entry.js';
import type { FileChange } from '../prisma-cli/changed-for-run.js';
import { interpolate, type VariableSources } from '../prisma-yml/interpolate.js';
import { originOf, sameHost } from '../prisma-yml/parse-endpoint.js';
import type { Field, Service } from '../prisma-yml/service.js';
import { checkedEndpoint, entryAt, hostOf } from './registry-lookup.js';

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
  /** Asks a person for one of the clusters; `why` nothing tells it. @throws when there is nobody to ask */
  readonly ask: (why: string) => Promise<string>;
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
    const leftOver = service.endpoint && service[key];
    if (leftOver && leftOver.value !== target[key]) {
      throw usageError('service-differs', {
        path: `${placeOf(service, leftOver)} ${key}`,
        message: `'${leftOver.value}' is not what the endpoint says: '${target[key]}'`,
        hint: 'Take the line out: which one counts depends on the version of the CLI.',
      });
    }
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
    findEntry(registry, named, wish.cluster === undefined ? placeOf(service, line) : '--cluster');
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
  const current = endpoint === undefined ? choice.sources.env[ENDPOINT_VARIABLE] : endpoint.value;
  if (variable === undefined) return byLiteral(service, choice);

  const { registry, wish, ask } = choice;
  const { env } = choice.sources;
  const { remembered } = service;
  const at = placeOf(service, endpoint);
  let cluster =
    wish.cluster ??
    (current === undefined ? remembered?.name : entryAt(current, at, registry, env));
  const kind = current === undefined && remembered === undefined ? 'remember' : 'none';
  if (cluster !== undefined) {
    const place = remembered ? `${service.file}:${remembered.line}` : at;
    findEntry(registry, cluster, wish.cluster === undefined ? place : '--cluster');
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
      hint: `Set its variables, or write it with one for the host: \${env:PRISMA_ENDPOINT}/SERVICE/STAGE`,
    });
  }
  const { host, service: name, stage } = checkedEndpoint(endpoint.value, at);
  const { registry, wish } = choice;
  const { env } = choice.sources;
  if (wish.cluster !== undefined) {
    findEntry(registry, wish.cluster, '--cluster');
    const wanted = hostOf(registry, wish.cluster, env);
    if (!sameHost(wanted, host)) throw fixedEndpoint(at, host, wish.cluster, name, stage);
  }
  const cluster = wish.cluster ?? entryAt(endpoint.value, at, registry, env);
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

/** The part of an endpoint behind its variable. */
function pathOf(path: string, service: Service, { sources }: Choice): string {
  const { value, missing } = interpolate(path, { ...sources, self: service.root });
  if (missing.length === 0) return String(value);
  throw usageError('service-unnamed', {
    path: placeOf(service, service.endpoint),
    message: `no value is known for ${missing.join(' and ')}`,
    hint: 'Set it, or name it: --service NAME --stage NAME.',
  });
}

const whyUnnamed = (field: Field | undefined): string =>
  field === undefined ? 'it names no cluster' : `nothing tells the value of ${field.raw}`;

const placeOf = ({ file }: Service, field: Field | undefined): string =>
  field === undefined ? file : `${file}:${field.line}`;

const fixedEndpoint = (at: string, host: string, cluster: string, name: string, stage: string) =>
  usageError('endpoint-fixed', {
    path: at,
    message: `the endpoint leads to ${host}, which is not cluster '${cluster}'`,
    hint: `Let a variable tell the host: endpoint: '\${env:PRISMA_ENDPOINT}/${name}/${stage}'. Then --cluster chooses.`,
  });
