import { expect, test } from 'vitest';
import { describeProxy } from '../../../../cluster/containers/describe-proxy.js';

const publish = { ip: '0.0.0.0', port: 8443 };

test('pinned: the cluster’s port alone, and no volume but the configuration', () => {
  expect(describeProxy({ publish, certificates: false }, 'sha256:1')).toEqual({
    image: 'sha256:1',
    environment: { GOMEMLIMIT: '96MiB' },
    entrypoint: ['caddy', 'run', '--config', '/run/clusterkit/Caddyfile'],
    command: ['--adapter', 'caddyfile'],
    mounts: [],
    ports: [{ internal: 443, external: 8443, ip: '0.0.0.0' }],
    memoryMb: 128,
    stopGraceSeconds: 15,
  });
});

test('of an authority: port 80 too, and a volume for its certificates', () => {
  expect(describeProxy({ publish, certificates: true }, 'sha256:1')).toMatchObject({
    mounts: [{ volume: 'certificates', target: '/data', readOnly: false }],
    ports: [
      { internal: 443, external: 8443, ip: '0.0.0.0' },
      { internal: 80, external: 80, ip: '0.0.0.0' },
    ],
  });
});
