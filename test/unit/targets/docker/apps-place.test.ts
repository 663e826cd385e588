import { expect, test } from 'vitest';
import { engineSocketOf } from '../../../../targets/docker/apps-place.js';

test.each([
  ['unix:///var/run/docker.sock', 'linux', '/var/run/docker.sock'],
  ['unix:///run/user/1000/docker.sock', 'linux', '/run/user/1000/docker.sock'],
  ['unix:///home/u/.docker/desktop/docker.sock', 'linux', '/var/run/docker.sock'],
  ['unix:///Users/u/.docker/run/docker.sock', 'darwin', '/var/run/docker.sock'],
  ['unix:///Users/u/.colima/default/docker.sock', 'darwin', '/var/run/docker.sock'],
  ['unix:///home/u/.rd/docker.sock', 'linux', '/var/run/docker.sock'],
  ['tcp://10.0.0.5:2376', 'linux', '/var/run/docker.sock'],
  ['ssh://root@host', 'linux', '/var/run/docker.sock'],
  ['npipe:////./pipe/docker_engine', 'win32', '/var/run/docker.sock'],
] as const)('the socket of %s on %s', (host, platform, path) => {
  expect(engineSocketOf(host, platform)).toBe(path);
});
