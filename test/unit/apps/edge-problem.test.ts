import { expect, it } from 'vitest';
import { edgeProblem } from '../../../apps/edge-problem.js';

const edge = (number: number, ports: number[], isRunning = true) => ({ number, ports, isRunning });

it.each([
  ['it receives no requests', {}, [], undefined],
  [
    'its port is at a running edge',
    { port: 1, published: 2 },
    [edge(1, []), edge(2, [2])],
    undefined,
  ],
  [
    'no edge has its port',
    { port: 1, published: 2 },
    [edge(1, [])],
    'the edge of port 2 is absent',
  ],
  [
    'the edge of its port does not run',
    { port: 1, published: 2 },
    [edge(1, [2], false)],
    'the edge of port 2 does not run',
  ],
  ['the proxy asks the first edge', { port: 1 }, [edge(2, [2])], 'the edge is absent'],
])('%s', (_, release, edges, expected) => {
  expect(edgeProblem(release, edges)).toBe(expected);
});
