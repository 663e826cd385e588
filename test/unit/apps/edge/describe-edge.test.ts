import { expect, test } from 'vitest';
import { describeEdge } from '../../../../apps/edge/describe-edge.js';
import { engineOptions } from '../../../../cluster/containers/engine-options.js';

const props = { cluster: 'local', project: '/p/.clusterkit', image: 'sha256:e', ip: '127.0.0.1' };

test('an edge has no root, no capability, nothing to write to; the first one alone has the alias', () => {
  const first = engineOptions(describeEdge({ ...props, ports: [] }, 1, [8081, 80]), '');
  expect(first).toMatchObject({
    name: 'clusterkit-local-edge',
    User: '99:99',
    Entrypoint: ['haproxy', '-W', '-S', '127.0.0.1:9467'],
    Cmd: ['-f', '/run/clusterkit-apps/haproxy.cfg'],
    HostConfig: {
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      DnsOptions: ['timeout:1', 'attempts:1'],
      Memory: 64 * 1024 * 1024,
      MemorySwap: 64 * 1024 * 1024,
      Mounts: [
        {
          Type: 'volume',
          Source: 'clusterkit-local-apps',
          Target: '/run/clusterkit-apps',
        },
      ],
      PortBindings: {
        '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '80' }],
        '8081/tcp': [{ HostIp: '127.0.0.1', HostPort: '8081' }],
      },
    },
    NetworkingConfig: { EndpointsConfig: { 'clusterkit-local-network': { Aliases: ['edge'] } } },
  });
  const second = engineOptions(describeEdge({ ...props, ports: [] }, 2, [90]), '');
  expect(second.name).toBe('clusterkit-local-edge-2');
  expect(second.NetworkingConfig?.EndpointsConfig?.['clusterkit-local-network']).toEqual({
    Aliases: [],
  });
});
