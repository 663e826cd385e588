import { describe, expect, test } from 'vitest';
import {
  type Measured,
  StorageGate,
  storageRefusal,
} from '../../../../../programs/gateway/storage/storage-gate.js';
import { HandClock } from '../../hand-clock.js';

const DEMO = { service: 'demo', stage: 'dev' };
const MB = 1e6;

/** A gate with a cap of 100 MB, before a database that `measure` plays. */
function gateOf(measure: () => Promise<number | Measured>, isExact = true) {
  const clock = new HandClock();
  const asked: string[] = [];
  const failures: unknown[] = [];
  const gate = new StorageGate({
    capBytes: 100 * MB,
    freshMs: 5_000,
    largeBytes: 50 * MB,
    clock,
    usageOf: async ({ service, stage }, exactFromBytes) => {
      asked.push(`${service}/${stage}${isExact ? '' : ` from ${exactFromBytes / MB}`}`);
      const measured = await measure();
      return typeof measured === 'number' ? { bytes: measured, rows: 0, isExact } : measured;
    },
    onFailure: (error) => failures.push(error),
  });
  return { gate, clock, asked, failures };
}

const size = (bytes: number, more: object = {}) => ({
  ...{ bytes, perRow: 0, isOpen: false },
  ...more,
});

/** `admitted`, or what the refusal says is used, in MB. */
async function outcome(...[gate, name, bytes, more]: [StorageGate, object, number, object?]) {
  const admission = await gate.admit({ ...DEMO, ...name }, size(bytes, more));
  return admission.kind === 'beyond' ? admission.usage.usedBytes / MB : admission.kind;
}

describe('services that somebody makes up', () => {
  test('do not keep the database busy: a hundred measurements at a time, others are unknown', async () => {
    const { gate, asked } = gateOf(() => new Promise<number>(() => {}));
    for (let index = 0; index < 200; index++)
      gate.admit({ ...DEMO, service: `x${index}` }, size(1));
    expect(asked).toHaveLength(100);
    expect(await outcome(gate, {}, 1)).toBe('unknown');
  });

  test('push out each other, and not who was measured just now', async () => {
    const { gate, clock } = gateOf(async () => 7);
    const write = async (service: string) => {
      const admission = await gate.admit({ service, stage: 'dev' }, size(1));
      if (admission.kind === 'admitted') admission.done(true);
    };
    for (let index = 0; index < 10_000; index++) await write(`x${index}`);
    await clock.pass(5_000);
    // The reservation of the first write is gone with the measurement before the second.
    for (const service of ['x0', 'demo']) await write(service);
    const names = [...gate.measured()].map(([name]) => name);
    expect(names).toHaveLength(10_001);
    expect(names.slice(-2)).toEqual(['x0/dev', 'demo/dev']);
  });
});

describe('measurements', () => {
  test('are good for a while, and for their service only', async () => {
    const { gate, clock, asked } = gateOf(async () => 7);
    for (let count = 0; count < 3; count++) expect(await outcome(gate, {}, 1)).toBe('admitted');
    await outcome(gate, { stage: 'prod' }, 1);
    expect(asked).toEqual(['demo/dev', 'demo/prod']);
    await clock.pass(5_000);
    await outcome(gate, {}, 1);
    expect(asked).toHaveLength(3);
  });

  test('are made anew for a large write, once for all who ask meanwhile', async () => {
    const { gate, asked } = gateOf(async () => 0);
    await outcome(gate, {}, 1);
    await Promise.all([1, 2].map(() => outcome(gate, {}, 50 * MB)));
    expect(asked).toHaveLength(2);
  });

  test('are made anew when they are too coarse for what is to be written', async () => {
    const { gate, asked } = gateOf(async () => 60 * MB, false);
    expect(await outcome(gate, {}, 40 * MB)).toBe('admitted');
    expect(await outcome(gate, {}, 1 * MB)).toBe(100);
    expect(asked).toEqual(['demo/dev from 60', 'demo/dev from 59']);
  });

  test('that fail leave the last one in force, and all that was admitted since', async () => {
    let fails = false;
    const { gate, clock, failures } = gateOf(async () => {
      if (fails) throw new Error('gone');
      return 40 * MB;
    });
    const first = await gate.admit(DEMO, size(30 * MB));
    if (first.kind === 'admitted') first.done(true);
    fails = true;
    await clock.pass(60_000);
    expect(await outcome(gate, {}, 31 * MB)).toBe(70);
    expect(await outcome(gate, { stage: 'new' }, 1)).toBe('unknown');
    expect(failures).toHaveLength(2);
  });

  test('a measurement that was asked for earlier, and ends later, does not count any more', async () => {
    const ends: ((bytes: number) => void)[] = [];
    const { gate, clock } = gateOf(() => new Promise((resolve) => ends.push(resolve)));
    const first = outcome(gate, {}, 1 * MB);
    await clock.pass(10);
    const second = outcome(gate, {}, 60 * MB);
    ends[1]?.(20 * MB);
    expect(await second).toBe('admitted');
    ends[0]?.(90 * MB);
    expect(await first).toBe('admitted');
    expect(await outcome(gate, {}, 10 * MB)).toBe('admitted');
  });
});

test.each([
  [99, 0.5, 'admitted'],
  [99, 1, 'admitted'],
  [99, 2, 99],
  [100, 0.1, 100],
  [101, 0.1, 101],
])('%d of 100 MB used, %d more: %s', async (used, more, expected) => {
  const { gate } = gateOf(async () => used * MB);
  expect(await outcome(gate, {}, more * MB)).toBe(expected);
});

describe('what is admitted has its place', () => {
  test('together with all others that are under way', async () => {
    const { gate } = gateOf(async () => 40 * MB);
    const burst = await Promise.all([1, 2, 3].map(() => outcome(gate, {}, 25 * MB)));
    expect(burst).toEqual(['admitted', 'admitted', 90]);
    expect(await outcome(gate, { stage: 'prod' }, 25 * MB)).toBe('admitted');
  });

  test('also after its answer, until a measurement that began later includes it', async () => {
    let bytes = 40 * MB;
    const { gate, clock } = gateOf(async () => bytes);
    const first = await gate.admit(DEMO, size(49 * MB));
    if (first.kind === 'admitted') first.done(true);
    // At the same moment: a measurement may or may not have seen it.
    expect(await outcome(gate, {}, 20 * MB)).toBe(89);
    bytes = 70 * MB;
    await clock.pass(1);
    expect(await outcome(gate, {}, 20 * MB)).toBe('admitted');
  });

  test('longer when its client has left: the server may go on', async () => {
    const { gate, clock } = gateOf(async () => 0);
    const first = await gate.admit(DEMO, size(49 * MB));
    if (first.kind === 'admitted') first.done(false);
    await clock.pass(29_000);
    expect(await outcome(gate, {}, 52 * MB)).toBe(49);
    await clock.pass(1_001);
    expect(await outcome(gate, {}, 52 * MB)).toBe('admitted');
  });

  test('for each row of the largest table, when it changes many', async () => {
    const { gate } = gateOf(async () => ({ bytes: 10 * MB, rows: 1_000, isExact: true }));
    expect(await outcome(gate, {}, 89_000, { perRow: 89_000 })).toBe('admitted');
    const other = gateOf(async () => ({ bytes: 10 * MB, rows: 1_000, isExact: true })).gate;
    expect(await outcome(other, {}, 91_000, { perRow: 91_000 })).toBe(10);
  });

  test('all there is, when nothing bounds it', async () => {
    const { gate } = gateOf(async () => 10 * MB);
    expect(await outcome(gate, {}, 10, { isOpen: true })).toBe('admitted');
    expect(await outcome(gate, {}, 1)).toBe(100);
  });
});

test('the refusal says what is used, what is allowed, and what to do', () => {
  expect(storageRefusal(DEMO, { usedBytes: 100_250_000, capBytes: 100e6 })).toBe(
    "The service 'demo' in stage 'dev' uses 100.3 of 100 MB of storage, and this write does not " +
      'fit. Queries and deletes go on; delete data, or raise the cap of the cluster.',
  );
});
