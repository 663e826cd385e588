import { expect, test } from 'vitest';
import { objectName } from '../../../cluster/names.js';

test('objectName is what people see in the engine', () => {
  expect(objectName('local', 'server')).toBe('clusterkit-local-server');
  expect(objectName('local', 'data')).toBe('clusterkit-local-data');
});
