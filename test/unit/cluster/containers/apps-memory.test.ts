import { expect, test } from 'vitest';
import { appsMemory, sumOf } from '../../../../cluster/containers/apps-memory.js';
import { memoryPlan } from '../../../../cluster/containers/memory-plan.js';
import { someApp } from '../../../support/some-app.js';

test('without applications nothing is needed', () => {
  expect(appsMemory([])).toEqual([]);
  expect(appsMemory(undefined)).toEqual([]);
});

test('of each kind of application, with what it needs beside it', () => {
  expect(appsMemory([someApp('web', { instances: 3, memoryMb: 100 })])).toEqual([
    { what: 'web 3 × 100', mb: 300 },
    { what: 'edge', mb: 64 },
  ]);
  const all = appsMemory([
    someApp('web', { database: { connections: 5 } }),
    someApp('hello', { kind: 'function', instances: 2, memoryMb: 128 }),
  ]);
  expect(all).toEqual([
    { what: 'web', mb: 256 },
    { what: 'hello 2 × 128', mb: 256 },
    { what: 'edge', mb: 64 },
    { what: 'activator', mb: 192 },
    { what: 'waker', mb: 64 },
    { what: 'pool', mb: 64 },
  ]);
  expect(sumOf(all)).toBe(896);
});

test('a plan leaves that room', () => {
  const before = memoryPlan(4096);
  const after = memoryPlan(4096, { appsMb: 896 });
  expect(after).toEqual({ server: 1878, serverHeap: 1408, database: 938 });
  expect(before.server + before.database - after.server - after.database).toBe(896);
});
