import { expect, test } from 'vitest';
import { describeRuntime } from '../../../../apps/functions/describe-runtime.js';

const props = {
  ...{ cluster: 'local', project: '/p/.clusterkit', identity: 'id-1' },
  ...{ image: 'sha256:g', socketPath: '/run/docker.sock' },
};

test('the waker has the socket and no network, the activator the network and no socket', () => {
  const { volumes, containers } = describeRuntime(props);
  const [waker, activator] = containers;
  expect(volumes.map(({ Name }) => Name)).toEqual([
    'clusterkit-local-apps',
    'clusterkit-local-wake',
  ]);
  expect(waker).toMatchObject({
    name: 'clusterkit-local-waker',
    ...{ network: 'none', isConfined: true, ports: [], memoryMb: 64 },
    environment: { WAKER_CLUSTER: 'local', WAKER_IDENTITY: 'id-1' },
    mounts: [
      { volume: 'wake', readOnly: false },
      { source: '/run/docker.sock', target: '/run/engine.sock', readOnly: true },
    ],
  });
  expect(activator).toMatchObject({
    name: 'clusterkit-local-activator',
    ...{ networkAliases: ['activator'], isConfined: true, ports: [], memoryMb: 192 },
    ...{ user: '65534:65534', environment: {} },
    mounts: [{ volume: 'apps' }, { volume: 'wake', readOnly: true }],
  });
  expect(activator.network).toBeUndefined();
});

test('a cluster from before has no identity', () => {
  const [waker] = describeRuntime({ ...props, identity: undefined }).containers;
  expect(waker.environment).toEqual({ WAKER_CLUSTER: 'local' });
});
