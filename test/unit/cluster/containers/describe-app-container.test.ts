import { expect, test } from 'vitest';
import { describeAppContainer } from '../../../../cluster/containers/describe-app-container.js';

test('its role is name and alias; it has no configuration and no swap', () => {
  const marks = { cluster: 'staging', project: '/p/.clusterkit', identity: 'i1' };
  const own = { image: 'sha256:e', memoryMb: 64, stopGraceSeconds: 5 };
  expect(describeAppContainer(marks, 'pool', own)).toEqual({
    ...own,
    cluster: 'staging',
    role: 'pool',
    name: 'clusterkit-staging-pool',
    networkAliases: ['pool'],
    environment: {},
    mounts: [],
    ports: [],
    memorySwapMb: 64,
    init: true,
    restart: 'unless-stopped',
    log: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
    labels: {
      'dev.clusterkit.cluster': 'staging',
      'dev.clusterkit.project': '/p/.clusterkit',
      'dev.clusterkit.identity': 'i1',
      'dev.clusterkit.role': 'pool',
    },
  });
  expect(describeAppContainer(marks, 'edge', { ...own, name: 'other' }).name).toBe('other');
});
