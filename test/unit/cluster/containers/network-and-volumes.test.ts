import { expect, test } from 'vitest';
import {
  type NetworkAndVolumesProps,
  networkAndVolumes,
} from '../../../../cluster/containers/network-and-volumes.js';

const props = { cluster: 'staging', project: '/p/.clusterkit', isRelayed: false };
const volumesOf = (custom: Partial<NetworkAndVolumesProps>) =>
  networkAndVolumes({ ...props, ...custom }).volumes;

test('keeps the data where it is told to', () => {
  expect(volumesOf({ dataDirectory: '/mnt/clusterkit/data' })[0]).toMatchObject({
    Name: 'clusterkit-staging-data',
    DriverOpts: { type: 'none', o: 'bind', device: '/mnt/clusterkit/data' },
  });
  expect(volumesOf({})[0]).toEqual({
    Name: 'clusterkit-staging-data',
    Labels: {
      'dev.clusterkit.cluster': 'staging',
      'dev.clusterkit.project': '/p/.clusterkit',
      'dev.clusterkit.role': 'data',
    },
  });
});

test.each([
  ['a plain cluster', {}, ['data', 'config']],
  ['a database elsewhere', { isRelayed: true }, ['config']],
  ['certificates of an authority', { certificates: true }, ['data', 'config', 'certificates']],
])('%s has these volumes', (_what, custom, roles) => {
  expect(volumesOf(custom).map(({ Name }) => Name)).toEqual(
    roles.map((role) => `clusterkit-staging-${role}`),
  );
});
