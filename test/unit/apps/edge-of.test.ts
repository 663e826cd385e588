import { expect, it } from 'vitest';
import { withRelease } from '../../../apps/document/changes.js';
import { NO_APPS } from '../../../apps/document/document.js';
import { routesOf } from '../../../apps/edge-of.js';
import { functionsOf } from '../../../apps/functions-of.js';
import { aRelease } from './release.js';

const { port: _, published: __, ...worker } = aRelease('r1');
const document = [
  ['web', aRelease('r2', { health: '/health', domains: ['a.example'] })] as const,
  ['inner', aRelease('r1', { domains: ['b.example'], published: undefined })] as const,
  ['worker', worker] as const,
  [
    'hello',
    aRelease('r3', {
      ...{ kind: 'function', health: '/ready', instances: ['hello-r3-1', 'hello-r3-2'] },
      ...{ port: 8080, published: 4811, timeoutMs: 5000 },
      function: { idleMs: 30_000, stopMs: null, concurrency: 3 },
    }),
  ] as const,
].reduce((all, [name, release]) => withRelease(all, name, release), NO_APPS);

it('routes what has a port: instances by name, functions to the activator', () => {
  expect(routesOf(document)).toEqual([
    {
      ...{ app: 'hello', ports: [4811], domains: [], drainMs: 30_000, requestTimeoutMs: 70_000 },
      target: { kind: 'function' },
    },
    {
      ...{ app: 'inner', ports: [], domains: ['b.example'], drainMs: 30_000 },
      requestTimeoutMs: 60_000,
      target: {
        kind: 'instances',
        instances: [
          { name: 'web-r1-1', port: 3000 },
          { name: 'web-r1-2', port: 3000 },
        ],
      },
    },
    {
      ...{ app: 'web', ports: [4810], domains: ['a.example'], drainMs: 30_000 },
      ...{ requestTimeoutMs: 60_000, healthPath: '/health' },
      target: {
        kind: 'instances',
        instances: [
          { name: 'web-r2-1', port: 3000 },
          { name: 'web-r2-2', port: 3000 },
        ],
      },
    },
  ]);
});

it('tells the activator of functions only', () => {
  expect(functionsOf(document)).toEqual({
    functions: {
      hello: {
        ...{ release: 'r3', port: 8080, health: '/ready', timeoutMs: 5000 },
        ...{ instances: ['hello-r3-1', 'hello-r3-2'], queue: 100, waitMs: 30_000 },
        ...{ idleMs: 30_000, stopMs: null, concurrency: 3 },
      },
    },
  });
});
