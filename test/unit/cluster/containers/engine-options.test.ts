import { describe, expect, test } from 'vitest';
import type { ContainersProps } from '../../../../cluster/containers/containers-props.js';
import { describeContainers } from '../../../../cluster/containers/describe-containers.js';
import type { EngineContainer } from '../../../../cluster/containers/engine-container.js';
import {
  type EngineOptions,
  engineOptions,
} from '../../../../cluster/containers/engine-options.js';
import { memoryPlan } from '../../../../cluster/containers/memory-plan.js';
import type { ContainerRole } from '../../../../cluster/names.js';

const props: ContainersProps = {
  cluster: 'staging',
  project: '/p/.clusterkit',
  images: { server: 'sha256:s', database: 'sha256:d' },
  connector: 'postgres',
  isRelayed: false,
  start: { runtime: 'java', environment: { PRISMA_CONFIG_PATH: '/run/clusterkit/prisma.yml' } },
  publish: { ip: '0.0.0.0', port: 4466 },
  memory: memoryPlan(2048),
};
const optionsOf = (custom: Partial<ContainersProps> = {}, digest = 'c1') =>
  Object.fromEntries(
    describeContainers({ ...props, ...custom }).map((each) => [
      each.role,
      engineOptions(each, digest),
    ]),
  ) as Record<ContainerRole, EngineOptions>;
const digests = (custom: Partial<ContainersProps> = {}, digest?: string) => {
  const { database, server } = optionsOf(custom, digest);
  return [database, server].map(({ Labels }) => Labels?.['dev.clusterkit.spec']);
};

describe('engineOptions', () => {
  test('publishes the server and nothing of the database', () => {
    const { database, server } = optionsOf();
    expect(server.HostConfig?.PortBindings).toEqual({
      '4466/tcp': [{ HostIp: '0.0.0.0', HostPort: '4466' }],
    });
    expect(server.ExposedPorts).toEqual({ '4466/tcp': {} });
    expect(database.HostConfig?.PortBindings).toEqual({});
    expect(database.ExposedPorts).toEqual({});
  });

  test('who stands in front has the port: the gateway, or the proxy before it', () => {
    const port = [{ HostIp: '0.0.0.0', HostPort: '4466' }];
    const images = { ...props.images, gateway: 'sha256:g' };
    const two = optionsOf({ images });
    expect(two.server.HostConfig?.PortBindings).toEqual({});
    expect(two.gateway.HostConfig?.PortBindings).toEqual({ '4466/tcp': port });
    const three = optionsOf({ images: { ...images, proxy: 'sha256:p' } });
    expect(three.gateway.HostConfig?.PortBindings).toEqual({});
    expect(three.proxy.HostConfig?.PortBindings).toEqual({ '443/tcp': port });
  });

  test('server and database share the configuration, read-only, and come back after a reboot', () => {
    const { database, server } = optionsOf();
    const config = {
      Type: 'volume',
      Source: 'clusterkit-staging-config',
      Target: '/run/clusterkit',
      ReadOnly: true,
    };
    expect(server.HostConfig?.Mounts).toEqual([config]);
    expect(database.HostConfig?.Mounts).toEqual([
      { Type: 'volume', Source: 'clusterkit-staging-data', Target: '/var/lib/postgresql/data' },
      config,
    ]);
    for (const each of [database, server]) {
      expect(each.HostConfig).toMatchObject({
        Init: true,
        RestartPolicy: { Name: 'unless-stopped' },
        NetworkMode: 'clusterkit-staging-network',
      });
    }
    expect(database.NetworkingConfig?.EndpointsConfig).toEqual({
      'clusterkit-staging-network': { Aliases: ['database'] },
    });
  });

  test('limits in bytes, and a heap that leaves the JVM 320 MB of them', () => {
    const { database, server } = optionsOf();
    expect(server.HostConfig).toMatchObject({
      Memory: 1110 * 1024 * 1024,
      MemorySwap: 2220 * 1024 * 1024,
    });
    expect(server.Env).toEqual([
      'JAVA_OPTS=-Xmx790m -XX:MaxMetaspaceSize=160m -XX:MaxDirectMemorySize=64m -XX:ReservedCodeCacheSize=64m',
      'PRISMA_CONFIG_PATH=/run/clusterkit/prisma.yml',
    ]);
    expect(database.HostConfig).toMatchObject({ ShmSize: 128 * 1024 * 1024 });
  });

  test('the digest is the same for the same, and another where a container must be', () => {
    expect(digests()).toEqual(digests());
    const [database, server] = digests();
    expect(digests({ publish: { ip: '0.0.0.0', port: 4467 } })).toEqual([
      database,
      expect.not.stringMatching(String(server)),
    ]);
    const both = [
      expect.not.stringMatching(String(database)),
      expect.not.stringMatching(String(server)),
    ];
    expect(digests({}, 'c2')).toEqual(both);
    expect(digests({ memory: memoryPlan(4096) })).toEqual(both);
    expect(digests({ images: { server: 'sha256:x', database: 'sha256:d' } })[0]).toBe(database);
  });
});

describe('a database elsewhere', () => {
  test('has a relay in its place, which asks it itself when its health is asked for', () => {
    const { database } = optionsOf({
      isRelayed: true,
      memory: memoryPlan(2048, { isRelayed: true }),
    });
    expect(database).toMatchObject({
      name: 'clusterkit-staging-database',
      Cmd: [
        ...[
          'node',
          '--max-old-space-size=34',
          '--max-semi-space-size=1',
          '/opt/clusterkit/relay.mjs',
        ],
      ],
      Env: [],
      Healthcheck: {
        Test: ['CMD-SHELL', 'ask.sh 9465 /healthz'],
        Interval: 10_000_000_000,
        Timeout: 30_000_000_000,
        StartPeriod: 60_000_000_000,
        Retries: 3,
      },
      HostConfig: { Memory: 160 * 1024 * 1024, Mounts: [{ Target: '/run/clusterkit' }] },
    });
    expect(database.HostConfig).not.toHaveProperty('ShmSize');
  });

  test('confined: no network, nothing writable, no capability; the spec label knows it', () => {
    const waker: EngineContainer = {
      ...{ cluster: 'staging', role: 'waker', name: 'clusterkit-staging-waker', image: 'sha256:g' },
      ...{ networkAliases: [], environment: {}, ports: [], memoryMb: 64, memorySwapMb: 128 },
      ...{ stopGraceSeconds: 2, init: true, restart: 'no', labels: {}, user: '65534:65534' },
      mounts: [
        { volume: 'wake', target: '/run/clusterkit-wake', readOnly: false },
        { source: '/run/docker.sock', target: '/run/engine.sock', readOnly: true },
      ],
      log: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
    };
    const open = engineOptions(waker, '');
    const confined = engineOptions({ ...waker, network: 'none', isConfined: true }, '');
    expect(confined.HostConfig).toMatchObject({
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      RestartPolicy: { Name: 'no' },
      Mounts: [
        { Type: 'volume', Source: 'clusterkit-staging-wake', Target: '/run/clusterkit-wake' },
        { Type: 'bind', Source: '/run/docker.sock', Target: '/run/engine.sock', ReadOnly: true },
      ],
    });
    expect(confined).not.toHaveProperty('NetworkingConfig');
    expect(confined.User).toBe('65534:65534');
    expect(open.HostConfig).not.toHaveProperty('CapDrop');
    expect(open.Labels?.['dev.clusterkit.spec']).not.toBe(confined.Labels?.['dev.clusterkit.spec']);
  });
});
