import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Edge, planEdges } from '../../../../apps/edge/plan-edges.js';

const edge = (number: number, ...ports: number[]): Edge => ({ number, ports });

describe('planEdges', () => {
  test.each<[string, Edge[], number[], Edge[], number[]]>([
    ['the first one has all ports', [], [80, 81], [edge(1, 80, 81)], []],
    ['no ports: the proxy needs one', [], [], [edge(1)], []],
    ['nothing new', [edge(1, 80)], [80], [edge(1, 80)], []],
    ['a new port: another one', [edge(1, 80)], [80, 81], [edge(1, 80), edge(2, 81)], []],
    ['a port that goes stays where it is', [edge(1, 80, 81)], [80], [edge(1, 80, 81)], []],
    ['one without need goes', [edge(1, 80), edge(2, 81)], [80], [edge(1, 80)], [2]],
    ['the first one stays', [edge(1, 80), edge(2, 81)], [81], [edge(1, 80), edge(2, 81)], []],
    ['the first one is lost', [edge(2, 81)], [80, 81], [edge(1, 80), edge(2, 81)], []],
    [
      'a gap is not filled',
      [edge(1, 80), edge(3, 82)],
      [80, 82, 83],
      [edge(1, 80), edge(3, 82), edge(4, 83)],
      [],
    ],
  ])('%s', (_, existing, ports, wanted, obsolete) => {
    expect(planEdges(existing, ports)).toEqual({ wanted, obsolete });
  });

  test('every port is published once, no edge that stays changes, and a second plan changes nothing', () => {
    const ports = fc.uniqueArray(fc.integer({ min: 1, max: 20 }));
    fc.assert(
      fc.property(fc.array(ports, { maxLength: 5 }), (rounds) => {
        let edges: readonly Edge[] = [];
        for (const round of rounds) {
          const { wanted, obsolete } = planEdges(edges, round);
          const published = wanted.flatMap((each) => each.ports);
          expect(new Set(published).size).toBe(published.length);
          expect(published).toEqual(expect.arrayContaining(round));
          for (const each of edges) {
            if (!obsolete.includes(each.number)) expect(wanted).toContainEqual(each);
          }
          expect(planEdges(wanted, round)).toEqual({ wanted, obsolete: [] });
          edges = wanted;
        }
      }),
    );
  });
});
