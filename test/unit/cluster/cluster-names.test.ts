import { expect, test } from 'vitest';
import { appNames, objectName } from '../../../cluster/names.js';

test('objectName is what people see in the engine', () => {
  expect(objectName('local', 'server')).toBe('clusterkit-local-server');
  expect(objectName('local', 'data')).toBe('clusterkit-local-data');
});

test('appNames are those of what applications share, and of the instances of each', () => {
  const isNeeded = (name: string) => appNames('local', ['web']).some((each) => each.test(name));
  const needed = ['edge', 'edge-2', 'activator', 'waker', 'pool', 'apps', 'wake', 'app-web-r12-3'];
  expect(needed.filter((name) => !isNeeded(`clusterkit-local-${name}`))).toEqual([]);
  const others = ['app', 'edge-x', 'app-web', 'app-web-r1', 'app-api-r1-1', 'app-web-r1-1-server'];
  expect(others.filter((name) => isNeeded(`clusterkit-local-${name}`))).toEqual([]);
  expect(appNames('local', [])).toEqual([]);
});
