import { expect, test } from 'vitest';
import { clusterGround } from '../../../../cluster/containers/cluster-containers.js';
import { proxyOptions } from '../../../../cluster/containers/proxy-container.js';

const props = {
  cluster: 'staging',
  image: 'sha256:1',
  publish: { ip: '0.0.0.0', port: 8443 },
  certificates: false,
};

test('pinned: the cluster’s port alone, and no volume but the configuration', () => {
  const { HostConfig, ExposedPorts, Entrypoint } = proxyOptions(props);
  expect(Object.keys(ExposedPorts ?? {})).toEqual(['443/tcp']);
  expect(HostConfig?.PortBindings).toEqual({
    '443/tcp': [{ HostIp: '0.0.0.0', HostPort: '8443' }],
  });
  expect(HostConfig?.Mounts?.map(({ Source }) => Source)).toEqual(['clusterkit-staging-config']);
  expect(HostConfig?.Memory).toBe(128 * 1024 * 1024);
  expect(Entrypoint).toEqual(['caddy', 'run', '--config', '/run/clusterkit/Caddyfile']);
});

test('of an authority: port 80 too, and a volume for its certificates', () => {
  const { HostConfig } = proxyOptions({ ...props, certificates: true });
  expect(HostConfig?.PortBindings).toEqual({
    '443/tcp': [{ HostIp: '0.0.0.0', HostPort: '8443' }],
    '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '80' }],
  });
  expect(HostConfig?.Mounts?.map(({ Source, Target }) => [Source, Target])).toEqual([
    ['clusterkit-staging-config', '/run/clusterkit'],
    ['clusterkit-staging-certificates', '/data'],
  ]);
  const names = (certificates: boolean) =>
    clusterGround({
      ...{ cluster: 'staging', project: '/p', relay: undefined, certificates },
    }).volumes.map(({ Name }) => Name);
  expect(names(true)).toContain('clusterkit-staging-certificates');
  expect(names(false)).not.toContain('clusterkit-staging-certificates');
});
