import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ClusterContainersProps,
  clusterContainers,
  clusterGround,
} from '../../../../cluster/containers/cluster-containers.js';
import { memoryPlan } from '../../../../cluster/containers/memory-plan.js';

const props: ClusterContainersProps = {
  cluster: 'staging',
  project: '/p/.clusterkit',
  images: { server: 'sha256:s', database: 'sha256:d' },
  connector: 'postgres',
  start: { environment: { PRISMA_CONFIG_PATH: '/run/clusterkit/prisma.yml' } },
  publish: { ip: '0.0.0.0', port: 4466 },
  memory: memoryPlan(2048),
  dataDirectory: '/mnt/clusterkit/data',
  configurationDigest: 'c1',
};
const digests = (custom: Partial<ClusterContainersProps> = {}) => {
  const { database, server } = clusterContainers({ ...props, ...custom });
  return [database, server].map(({ Labels }) => Labels?.['dev.clusterkit.spec']);
};

describe('clusterContainers', () => {
  test('publishes the server and nothing of the database', () => {
    const { database, server } = clusterContainers(props);
    expect(server.HostConfig?.PortBindings).toEqual({
      '4466/tcp': [{ HostIp: '0.0.0.0', HostPort: '4466' }],
    });
    expect(database.HostConfig?.PortBindings).toBeUndefined();
    expect(database.ExposedPorts).toBeUndefined();
  });

  test('server and database share the configuration, read-only, and come back after a reboot', () => {
    const { network } = clusterGround(props);
    const { database, server } = clusterContainers(props);
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
        NetworkMode: network.Name,
      });
    }
    expect(database.NetworkingConfig?.EndpointsConfig).toEqual({
      [network.Name]: { Aliases: ['database'] },
    });
  });

  test('keeps the data where it is told to', () => {
    expect(clusterGround(props).volumes[0]).toMatchObject({
      Name: 'clusterkit-staging-data',
      DriverOpts: { type: 'none', o: 'bind', device: '/mnt/clusterkit/data' },
    });
    expect(clusterGround({ ...props, dataDirectory: undefined }).volumes[0]).toEqual({
      Name: 'clusterkit-staging-data',
      Labels: {
        'dev.clusterkit.cluster': 'staging',
        'dev.clusterkit.project': '/p/.clusterkit',
        'dev.clusterkit.role': 'data',
      },
    });
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
    expect(digests({ configurationDigest: 'c2' })).toEqual(both);
    expect(digests({ memory: memoryPlan(4096) })).toEqual(both);
    expect(digests({ images: { server: 'sha256:x', database: 'sha256:d' } })[0]).toBe(database);
  });
});

describe('memoryPlan', () => {
  test('of 1, 2 and 8 GB', () => {
    expect(memoryPlan(1024)).toEqual({ server: 512, serverHeap: 384, database: 256 });
    expect(memoryPlan(2048)).toEqual({ server: 1109, serverHeap: 831, database: 554 });
    expect(memoryPlan(8192)).toEqual({ server: 5205, serverHeap: 3903, database: 2602 });
  });

  test('leaves the system its part from 1.2 GB on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1152, max: 262_144 }), (total) => {
        const { server, serverHeap, database } = memoryPlan(total);
        expect(server + database).toBeLessThanOrEqual(total - 384);
        expect(serverHeap).toBeLessThan(server);
      }),
    );
  });
});
