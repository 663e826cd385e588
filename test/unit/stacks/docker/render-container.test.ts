import { describe, expect, test } from 'vitest';
import type { HealthCheck } from '../../../../cluster/containers/container-description.js';
import {
  type EngineOptions,
  engineOptions,
} from '../../../../cluster/containers/engine-options.js';
import type { ExternalDatabase } from '../../../../cluster/settings/settings.js';
import { describeLocal } from '../../../../stacks/docker/describe-local.js';
import { renderContainer } from '../../../../stacks/docker/render-container.js';
import type { DockerSettings } from '../../../../targets/docker/settings.js';
import { only } from '../../../support/stack-resources.js';
import {
  type Resource,
  someSettings,
  synthesizeStack,
} from '../../../support/synthesized-stack.js';

// What Terraform is told of a container here, and the engine on a droplet, in the same words.

const gateway = {
  image: 'clusterkit/gateway:0.1.0',
  limits: { requests: 10, perSeconds: 10, queue: 25, storageMb: 100 },
};
const external: ExternalDatabase = {
  ...{ host: 'db.example.com', port: 5432, user: 'prisma', database: 'prisma' },
  ...{ ssl: 'verify-full', password: { file: 'secret/password' } },
};
const server = (version: string) => ({ image: 'own/server:1', version, auth: 'rsa' }) as const;
const bundled = { image: 'clusterkit/dev-server:0.1.0', version: '1.8', auth: 'rsa' } as const;
const mysql = { connector: 'mysql', image: 'mysql:5.7' } as const;

const CLUSTERS: Readonly<Record<string, Partial<DockerSettings>>> = {
  plain: {},
  'of another name and port': { name: 'two', port: 5000 },
  'with a gateway': { gateway: { image: gateway.image } },
  development: { gateway, server: bundled },
  'with its PostgreSQL elsewhere': {
    database: { connector: 'postgres', image: gateway.image, external },
  },
  'with its MySQL elsewhere, and a gateway': {
    gateway,
    database: { connector: 'mysql', image: gateway.image, external },
  },
  'of generation A': { server: server('1.6'), database: mysql },
  'of generation B, on MySQL': { server: server('1.14'), database: mysql },
  'of generation C': { server: server('1.34') },
  'of the bundled server as generation A': {
    server: { ...bundled, version: '1.6' },
    database: mysql,
  },
};

type Common = Readonly<Record<string, unknown>>;

const sorted = (list: readonly string[] = []) => [...list].sort();
const MIB = 1024 * 1024;

/** Labels that each target has for itself. */
const OWN_LABELS = ['dev.clusterkit.run', 'dev.clusterkit.health', 'dev.clusterkit.spec'];
const shared = (labels: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !OWN_LABELS.includes(name)));

function ofEngine(options: EngineOptions): Common {
  const { HostConfig: host = {}, Healthcheck: health } = options;
  const [network, { Aliases = [] } = {}] =
    Object.entries(options.NetworkingConfig?.EndpointsConfig ?? {})[0] ?? [];
  return {
    name: options.name,
    image: options.Image,
    network,
    aliases: Aliases,
    environment: sorted(options.Env),
    entrypoint: options.Entrypoint,
    command: options.Cmd,
    mounts: host.Mounts?.map(({ Type, Source, Target, ReadOnly = false }) => [
      ...[Type, Source, Target, ReadOnly],
    ]),
    ports: Object.entries(host.PortBindings ?? {}).flatMap(([inside, outside]) =>
      (outside as { HostIp: string; HostPort: string }[]).map(({ HostIp, HostPort }) => [
        ...[inside, HostIp, Number(HostPort)],
      ]),
    ),
    memory: [Number(host.Memory) / MIB, Number(host.MemorySwap) / MIB],
    shm: host.ShmSize && host.ShmSize / MIB,
    health: health && {
      test: health.Test,
      seconds: [health.Interval, health.Timeout, health.StartPeriod].map((ns) => Number(ns) / 1e9),
      retries: health.Retries,
    },
    stopGrace: options.StopTimeout,
    init: host.Init,
    restart: host.RestartPolicy?.Name,
    log: [host.LogConfig?.Type, host.LogConfig?.Config],
    labels: shared(options.Labels ?? {}),
  };
}

/** Of a duration such as `1m30s`. */
function secondsOf(text: string): number {
  const [, minutes = 0, seconds = Number.NaN] = /^(?:(\d+)m)?(\d+)s$/.exec(text) ?? [];
  return 60 * Number(minutes) + Number(seconds);
}

/** @param resolve what a reference of the stack becomes */
function ofStack(resource: Resource, resolve: (reference: unknown) => string): Common {
  type Health = Record<'test' | 'interval' | 'timeout' | 'start_period' | 'retries', string>;
  const list = <T>(key: string) => (resource[key] ?? []) as T[];
  const health = resource.healthcheck as Health | undefined;
  const [network] = list<{ name: string; aliases: string[] }>('networks_advanced');
  return {
    name: resource.name,
    image: resolve(resource.image),
    network: resolve(network?.name),
    aliases: network?.aliases,
    environment: sorted(list<string>('env')),
    entrypoint: resource.entrypoint,
    command: resource.command,
    mounts: list<Record<string, unknown>>('mounts').map((mount) => [
      ...[mount.type, resolve(mount.source), mount.target, mount.read_only ?? false],
    ]),
    ports: list<{ internal: number; external: number; ip: string }>('ports').map((port) => [
      ...[`${port.internal}/tcp`, port.ip, port.external],
    ]),
    memory: [resource.memory, resource.memory_swap],
    shm: resource.shm_size,
    health: health && {
      test: health.test,
      seconds: [health.interval, health.timeout, health.start_period].map(secondsOf),
      retries: health.retries,
    },
    stopGrace: resource.destroy_grace_seconds,
    init: resource.init,
    restart: resource.restart,
    log: [resource.log_driver, resource.log_opts],
    labels: shared(
      Object.fromEntries(
        list<{ label: string; value: string }>('labels').map(({ label, value }) => [label, value]),
      ),
    ),
  };
}

describe.each(Object.entries(CLUSTERS))('a cluster %s', (_what, custom) => {
  const settings = someSettings(custom);
  const { stack } = synthesizeStack({ settings });
  const resolve = (reference: unknown) => {
    const [, type = '', name = ''] = /^\$\{(\w+)\.([\w-]+)\.\w+\}$/.exec(String(reference)) ?? [];
    return String(only(stack, type, name).name);
  };
  const containers = describeLocal({
    settings,
    marks: { cluster: settings.name, project: '/project/.clusterkit', identity: 'ours' },
    images: {
      server: settings.server.image,
      database: settings.database.image,
      gateway: settings.gateway?.image,
    },
  });

  test('has the same containers by Terraform as by the engine’s API', () => {
    expect(Object.keys(stack.resource.docker_container ?? {}).sort()).toEqual(
      sorted(containers.map(({ role }) => role)),
    );
  });

  test.each(containers.map((each) => [each.role, each] as const))('the same %s', (role, each) => {
    const byTerraform = ofStack(only(stack, 'docker_container', role), resolve);
    expect(byTerraform).toEqual(ofEngine(engineOptions(each, 'digest')));
  });
});

test('what makes another container: another configuration, and another health check', () => {
  const labels = (role: string) =>
    (only(synthesizeStack().stack, 'docker_container', role).labels as { label: string }[]).slice(
      4,
    );
  const run = {
    label: 'dev.clusterkit.run',
    value: expect.stringMatching(/^[0-9a-f]{16}-first$/),
  };
  expect(labels('server')).toEqual([run]);
  const health = { label: 'dev.clusterkit.health', value: expect.stringMatching(/^[0-9a-f]{16}$/) };
  expect(labels('database')).toEqual([run, health]);
});

test('the label of the health check follows it', () => {
  const [database] = describeLocal({
    ...{ settings: someSettings(), images: { server: 's', database: 'd' } },
    marks: { cluster: 'one', project: '/p' },
  });
  if (database?.health === undefined) throw new Error('the database has no health check');
  const references = { network: 'n', revision: 'r', volumes: { data: 'd', config: 'c' } };
  const labelsWith = (health: HealthCheck) =>
    renderContainer({ ...database, health }, references).labels;
  expect(labelsWith({ ...database.health })).toEqual(labelsWith(database.health));
  expect(labelsWith({ ...database.health, timeoutSeconds: 5 })).not.toEqual(
    labelsWith(database.health),
  );
});
