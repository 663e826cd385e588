import { expect, test } from 'vitest';
import { relocate } from '../../../../../targets/common/stages/relocate.js';

const stored = {
  cluster: 'one',
  project: '/a/.clusterkit',
  keyDirectory: '/a/.clusterkit/keys/one',
  stateFile: '/a/.clusterkit/state/one.tfstate',
  registry: '/a/home/.prisma/config.yml',
  external: { host: 'h', caFile: '/a/ca.pem', password: { file: '/a/secrets/pw' } },
  tls: { kind: 'acme', caFile: '/ab/root.pem' },
};

test('the paths of the project follow its directory; all others stay', () => {
  expect(relocate(stored, '/b/c/.clusterkit')).toEqual({
    cluster: 'one',
    project: '/b/c/.clusterkit',
    keyDirectory: '/b/c/.clusterkit/keys/one',
    stateFile: '/b/c/.clusterkit/state/one.tfstate',
    registry: '/a/home/.prisma/config.yml',
    external: { host: 'h', caFile: '/b/c/ca.pem', password: { file: '/b/c/secrets/pw' } },
    tls: { kind: 'acme', caFile: '/ab/root.pem' },
  });
});

test('there and back again is the same; nothing is added', () => {
  expect(relocate(relocate(stored, '/b/.clusterkit'), '/a/.clusterkit')).toEqual(stored);
  const least = { keyDirectory: '/a/.clusterkit/keys/one', external: { password: { env: 'PW' } } };
  expect(relocate(least, '/b/.clusterkit')).toEqual({
    ...least,
    keyDirectory: '/b/.clusterkit/keys/one',
  });
  expect(relocate({ registry: '/a/r' }, '/b/.clusterkit')).toEqual({ registry: '/a/r' });
});
