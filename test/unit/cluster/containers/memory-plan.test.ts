import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localMemoryPlan, memoryPlan } from '../../../../cluster/containers/memory-plan.js';

describe('memoryPlan', () => {
  test('of 1, 2 and 8 GB', () => {
    expect(memoryPlan(1024)).toEqual({ server: 512, serverHeap: 384, database: 256 });
    expect(memoryPlan(2048)).toEqual({ server: 1109, serverHeap: 831, database: 554 });
    expect(memoryPlan(8192)).toEqual({ server: 5205, serverHeap: 3903, database: 2602 });
  });

  test('leaves the system its part from 1.2 GB on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1152, max: 262_144 }), (total) => {
        const { server, serverHeap, database } = memoryPlan(total);
        expect(server + database).toBeLessThanOrEqual(total - 384);
        expect(serverHeap).toBeLessThan(server);
      }),
    );
  });
});

test('on a machine of the user’s: fixed limits, and the heap follows the server’s', () => {
  expect(localMemoryPlan(false)).toEqual({ server: 1024, serverHeap: 768, database: 512 });
  expect(localMemoryPlan(true)).toEqual({ server: 1024, serverHeap: 768, database: 96 });
  expect(localMemoryPlan(false, { server: 2048 })).toEqual({
    ...{ server: 2048, serverHeap: 1536, database: 512 },
  });
});
