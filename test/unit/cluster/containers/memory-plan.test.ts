import { describe, expect, test } from 'vitest';
import {
  FIXED_MB,
  heapOf,
  localMemoryPlan,
  type MemoryShares,
  memoryPlan,
} from '../../../../cluster/containers/memory-plan.js';

/** Memory of every kind of droplet, in GB. */
const SIZES_GB = [
  ...[0.5, 1, 2, 3, 4, 8, 16, 24, 32, 40, 48, 50, 64, 80, 96, 100, 128, 144, 160, 192, 224, 240],
  ...[256, 288, 320, 384, 512],
];
const COMPANIES: readonly MemoryShares[] = [true, false].flatMap((hasGateway) =>
  [true, false].flatMap((hasProxy) =>
    [true, false].map((isRelayed) => ({ hasGateway, hasProxy, isRelayed })),
  ),
);

describe('memoryPlan', () => {
  test('of 1, 2 and 8 GB', () => {
    expect(memoryPlan(1024)).toEqual({ server: 512, serverHeap: 256, database: 256 });
    expect(memoryPlan(2048)).toEqual({ server: 1110, serverHeap: 790, database: 554 });
    expect(memoryPlan(8192)).toEqual({ server: 5206, serverHeap: 3904, database: 2602 });
  });

  test.each(SIZES_GB.filter((gb) => gb >= 2))(
    '%d GB: the containers leave the system its part, whatever else runs',
    (gb) => {
      for (const company of COMPANIES) {
        const { server, database } = memoryPlan(gb * 1024, company);
        const others =
          (company.hasGateway ? FIXED_MB.gateway : 0) + (company.hasProxy ? FIXED_MB.proxy : 0);
        expect(server + database + others).toBeLessThanOrEqual(gb * 1024 - 384);
      }
    },
  );

  test.each([0.5, 1])('%d GB: the rest fits into the 2 GB of swap of such a droplet', (gb) => {
    for (const company of COMPANIES) {
      const { server, database } = memoryPlan(gb * 1024, company);
      expect(server + database + 192 + 128 + 384).toBeLessThanOrEqual(gb * 1024 + 2048);
    }
  });

  test('custom: the other one gets what is left', () => {
    expect(memoryPlan(2048, { custom: { server: 1300 } })).toEqual({
      ...{ server: 1300, serverHeap: 975, database: 364 },
    });
    expect(memoryPlan(2048, { custom: { database: 300 } })).toEqual({
      ...{ server: 1364, serverHeap: 1023, database: 300 },
    });
    const custom = { server: 600, database: 400 };
    expect(memoryPlan(2048, { custom })).toEqual({ server: 600, serverHeap: 300, database: 400 });
  });
});

test('on this machine: fixed limits, and the heap follows that of the server', () => {
  expect(localMemoryPlan({})).toEqual({ server: 1024, serverHeap: 704, database: 512 });
  expect(localMemoryPlan({ isRelayed: true })).toEqual({
    ...{ server: 1024, serverHeap: 704, database: 160 },
  });
  expect(localMemoryPlan({ custom: { server: 2048 } })).toEqual({
    ...{ server: 2048, serverHeap: 1536, database: 512 },
  });
});

test('a heap, metaspace, buffers and code fit; a small server keeps 200 MB besides its heap', () => {
  for (let mb = 512; mb < 4096; mb += 7) expect(mb - heapOf(mb)).toBeGreaterThanOrEqual(200);
  const bounds = 160 + 64 + 64;
  for (const gb of SIZES_GB.filter((each) => each >= 2)) {
    const { server, serverHeap } = memoryPlan(gb * 1024);
    expect(serverHeap + bounds).toBeLessThanOrEqual(server);
  }
  expect(localMemoryPlan({}).serverHeap + bounds).toBeLessThanOrEqual(1024);
});
