import { describe, expect, test } from 'vitest';
import { operationKind } from '../../../../programs/gateway/storage-check.js';
import {
  isBeyond,
  StorageGate,
  storageRefusal,
} from '../../../../programs/gateway/storage-gate.js';
import { HandClock } from './hand-clock.js';

const DEMO = { service: 'demo', stage: 'dev' };

function gateOf(measure: () => Promise<number>, isExact = true) {
  const clock = new HandClock();
  const asked: string[] = [];
  const failures: unknown[] = [];
  const gate = new StorageGate({
    capBytes: 100e6,
    freshMs: 5_000,
    largeBytes: 256_000,
    clock,
    usageOf: async ({ service, stage }, exactFromBytes) => {
      asked.push(`${service}/${stage}${isExact ? '' : ` from ${exactFromBytes}`}`);
      return { bytes: await measure(), isExact };
    },
    onFailure: (error) => failures.push(error),
  });
  return { gate, clock, asked, failures };
}

describe('services that somebody makes up', () => {
  const madeUp = (index: number) => ({ service: `made-up-${index}`, stage: 'dev' });

  test('do not keep the database busy: a hundred measurements at a time', async () => {
    const { gate, asked } = gateOf(() => new Promise<number>(() => {}));
    for (let index = 0; index < 200; index++) gate.usage(madeUp(index));
    expect(asked).toHaveLength(100);
    expect(await gate.usage(DEMO)).toEqual({ usedBytes: 0, capBytes: 100e6 });
  });

  test('push out each other, and not who was measured just now', async () => {
    const { gate } = gateOf(async () => 7);
    for (let index = 0; index < 10_000; index++) await gate.usage(madeUp(index));
    await gate.usage(madeUp(0), { isFresh: true });
    await gate.usage(DEMO);
    const names = [...gate.measured()].map(([name]) => name);
    expect([names.length, names[0], ...names.slice(-2)]).toEqual([
      ...[10_000, 'made-up-2/dev'],
      ...['made-up-0/dev', 'demo/dev'],
    ]);
  });
});

describe('measurements', () => {
  test('are good for a while, and for their service only', async () => {
    const { gate, clock, asked } = gateOf(async () => 7);
    for (let count = 0; count < 3; count++) {
      expect(await gate.usage(DEMO)).toEqual({ usedBytes: 7, capBytes: 100e6 });
    }
    await gate.usage({ service: 'demo', stage: 'prod' });
    expect(asked).toEqual(['demo/dev', 'demo/prod']);
    await clock.pass(5_000);
    await gate.usage(DEMO);
    expect(asked).toHaveLength(3);
  });

  test('are made anew when asked, once for all who ask meanwhile', async () => {
    let bytes = 1;
    const { gate, asked } = gateOf(async () => bytes++);
    await gate.usage(DEMO);
    const both = await Promise.all([1, 2].map(() => gate.usage(DEMO, { isFresh: true })));
    expect(both.map(({ usedBytes }) => usedBytes)).toEqual([2, 2]);
    expect(asked).toHaveLength(2);
    expect([...gate.measured()]).toEqual([['demo/dev', 2]]);
  });

  test('are made anew when they are too coarse for what is to be written', async () => {
    const { gate, asked } = gateOf(async () => 60e6, false);
    await gate.usage(DEMO, { bytes: 40e6 });
    await gate.usage(DEMO, { bytes: 1 });
    await gate.usage(DEMO, { bytes: 41e6 });
    expect(asked).toEqual(['demo/dev from 60000000', 'demo/dev from 59000000']);
  });

  test('that fail leave the last one in force', async () => {
    let fails = false;
    const { gate, failures } = gateOf(async () => {
      if (fails) throw new Error('gone');
      return 99;
    });
    await gate.usage(DEMO);
    fails = true;
    expect((await gate.usage(DEMO, { isFresh: true })).usedBytes).toBe(99);
    expect((await gate.usage({ ...DEMO, stage: 'new' })).usedBytes).toBe(0);
    expect(failures).toHaveLength(2);
  });
});

test.each([
  [99, 0, false],
  [99, 1, false],
  [99, 2, true],
  [100, 0, true],
  [101, 0, true],
])('%i of 100 used, %i more: %s', (usedBytes, bytes, expected) => {
  expect(isBeyond({ usedBytes, capBytes: 100 }, bytes)).toBe(expected);
});

test('what is under way has its place, until it is answered and can be measured', async () => {
  const { gate } = gateOf(async () => 40e6);
  // At once, as a burst: all of them know the same measurement.
  const usages = await Promise.all([1, 2, 3].map(() => gate.usage(DEMO, { isFresh: true })));
  const ends = usages.map((usage) => gate.letThrough(DEMO, usage, 25e6));
  expect(ends.map((end) => end !== undefined)).toEqual([true, true, false]);
  const usage = await gate.usage(DEMO);
  expect(gate.letThrough({ ...DEMO, stage: 'prod' }, usage, 25e6)).toBeDefined();
  ends[0]?.();
  expect(gate.letThrough(DEMO, usage, 25e6)).toBeDefined();
});

test('a measurement that was asked for earlier, and ends later, does not count any more', async () => {
  const ends: ((bytes: number) => void)[] = [];
  const { gate, clock } = gateOf(() => new Promise((resolve) => ends.push(resolve)));
  const first = gate.usage(DEMO, { bytes: 1, isFresh: true });
  await clock.pass(10);
  const second = gate.usage(DEMO, { bytes: 2, isFresh: true });
  ends[1]?.(20);
  await second;
  ends[0]?.(10);
  await first;
  expect((await gate.usage(DEMO)).usedBytes).toBe(20);
});

test('a write of untold size is a large one', () => {
  const { gate } = gateOf(async () => 0);
  expect([undefined, 255_999, 256_000].map((bytes) => gate.isLarge(bytes))).toEqual([
    ...[true, false, true],
  ]);
});

test('the refusal says what is used, what is allowed, and what to do', () => {
  expect(storageRefusal(DEMO, { usedBytes: 100_250_000, capBytes: 100e6 })).toBe(
    "The service 'demo' in stage 'dev' uses 100.3 of 100 MB of storage, and this write does not " +
      'fit. Queries and deletes go on; delete data, or raise the cap of the cluster.',
  );
});

describe('what a request does', () => {
  const kind = (query: string, operationName?: string) =>
    operationKind(Buffer.from(JSON.stringify({ query, operationName })));

  test.each([
    ['{ users { id } }', 'read'],
    ['subscription { user { node { id } } }', 'read'],
    ['mutation { createUser(data: { name: "a" }) { id } }', 'write'],
    ['mutation { updateManyUsers(data: { name: "a" }) { count } }', 'write'],
    ['mutation { deleteUser(where: { id: "a" }) { id } }', 'delete'],
    ['mutation { gone: deleteManyUsers { count } __typename }', 'delete'],
    ['mutation { resetData }', 'delete'],
    ['mutation { deleteUser(where: {}) { id } createUser(data: {}) { id } }', 'write'],
    ['mutation { deleteUser: createUser(data: {}) { id } }', 'write'],
    ['mutation { ...f } fragment f on Mutation { createUser(data: {}) { id } }', 'write'],
    ['mutation { deletedAt }', 'write'],
    ['mutation { executeRaw(query: "x") }', 'write'],
    ['mutation {', 'write'],
    ['query a { x } mutation b { createUser { id } }', 'write'],
  ])('%s is a %s', (query, expected) => {
    expect(kind(query)).toBe(expected);
  });

  test('of several operations the named one counts', () => {
    const query = 'query a { x } mutation b { createUser { id } }';
    expect([kind(query, 'a'), kind(query, 'b')]).toEqual(['read', 'write']);
  });

  test('what cannot be read is a write', () => {
    expect(operationKind(Buffer.from('{"valueType":"nodes","values":[]}'))).toBe('write');
    expect(operationKind(Buffer.from([0x1f, 0x8b]))).toBe('write');
  });
});
