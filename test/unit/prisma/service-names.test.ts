import { expect, test } from 'vitest';
import type { Generation } from '../../../prisma/generation.js';
import { reservedName } from '../../../prisma/service-names.js';
import { routeOf } from '../../../programs/gateway/route-of.js';

const GENERATIONS = ['A', 'B', 'C'] as const;

test.each<[string, string, readonly Generation[]]>([
  ['cluster', 'service', ['A', 'B', 'C']],
  ['management', 'service', ['B', 'C']],
  ['cluster-demo', 'service', ['A', 'B']],
  ['managements', 'service', ['B']],
  ['export', 'stage', ['A', 'B', 'C']],
  ['import', 'stage', ['A', 'B', 'C']],
  ['private', 'stage', ['A', 'B', 'C']],
  ['Management', 'service', []],
  ['my-cluster', 'service', []],
  ['exports', 'stage', []],
])('%s as a %s is reserved on %j', (name, which, expected) => {
  const names = { service: 'demo', stage: 'dev', [which]: name };
  const reserved = GENERATIONS.filter((generation) => reservedName(names, generation));
  expect(reserved).toEqual(expected);
  for (const generation of GENERATIONS) {
    expect(reservedName(names, generation)?.which ?? which).toBe(which);
  }
});

test('what is not reserved is reached by its full path, and what is, is not', () => {
  const words = ['demo', 'cluster', 'clusters', 'management', 'export', 'import', 'private'];
  for (const generation of GENERATIONS) {
    for (const service of words) {
      for (const stage of words) {
        const target = `/${service}/${stage}`;
        const route = routeOf({ method: 'POST', target, isUpgrade: false }, generation);
        const isReached =
          route.kind === 'service' && route.service === service && route.stage === stage;
        // On C the gateway itself has only the path /cluster; the servers refuse the name.
        if (generation === 'C' && service === 'cluster') continue;
        expect([generation, target, isReached]).toEqual([
          ...[generation, target, reservedName({ service, stage }, generation) === undefined],
        ]);
      }
    }
  }
});
