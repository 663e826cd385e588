import { expect, test } from 'vitest';
import { routeOf } from '../../../../programs/waker/route-of.js';

test('the list, and four actions on a name', () => {
  expect(routeOf('GET', '/containers')).toEqual({ kind: 'list' });
  for (const action of ['pause', 'unpause', 'start', 'stop']) {
    const route = { kind: 'act', name: 'clusterkit-local-app-a-r1-1', action };
    expect(routeOf('POST', `/containers/${route.name}/${action}`)).toEqual(route);
  }
});

test.each([
  ['POST', '/containers', 405],
  ['HEAD', '/containers', 405],
  ['GET', '/containers/a/stop', 405],
  ['DELETE', '/containers/a/stop', 405],
  ['POST', '/containers/a/kill', 404],
  ['POST', '/containers/a/stop/', 404],
  ['POST', '/containers/a/b/stop', 404],
  ['POST', '/containers/../stop', 404],
  ['POST', '/containers/.a/stop', 404],
  ['POST', '/containers/%61/stop', 404],
  ['POST', '/containers/a%2fstop/stop', 404],
  ['POST', '/containers/a/stop\n', 404],
  ['POST', '/containers/a/stop#', 404],
  ['POST', '/Containers/a/stop', 404],
  ['POST', `/containers/${'a'.repeat(201)}/stop`, 404],
  [undefined, undefined, 404],
])('%s %s is refused', (method, target, status) => {
  expect(routeOf(method, target)).toEqual({ kind: 'refused', status });
});
