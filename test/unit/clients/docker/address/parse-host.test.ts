import { expect, test } from 'vitest';
import { parseHost } from '../../../../../clients/docker/address/parse-host.js';

/** What `docker context inspect default` shows for these values. */
test.each([
  ['tcp://', 'tcp://localhost:2375'],
  ['tcp://far', 'tcp://far:2375'],
  ['tcp://:2377', 'tcp://localhost:2377'],
  ['far:2377', 'tcp://far:2377'],
  ['far', 'tcp://far:2375'],
  ['tcp://10.0.0.1:2377/prefix', 'tcp://10.0.0.1:2377/prefix'],
  ['tcp://[::1]:2377', 'tcp://[::1]:2377'],
  ['tcp://[::1]', 'tcp://[::1]:2375'],
  ['  tcp://far:1 ', 'tcp://far:1'],
  ['unix://', 'unix:///var/run/docker.sock'],
  ['unix:///x y.sock', 'unix:///x y.sock'],
  ['npipe://', 'npipe:////./pipe/docker_engine'],
  ['ssh://user@far:2222/run/docker.sock', 'ssh://user@far:2222/run/docker.sock'],
])('%s', (value, host) => {
  expect(parseHost(value)).toBe(host);
});

test('a relative socket starts at the directory of the command', () => {
  expect(parseHost('unix://run/docker.sock', '/project')).toBe('unix:///project/run/docker.sock');
});
