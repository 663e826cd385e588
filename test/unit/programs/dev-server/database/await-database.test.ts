import { expect, test } from 'vitest';
import { awaitDatabase } from '../../../../../programs/dev-server/database/await-database.js';

function world() {
  const lines: string[] = [];
  const pauses: number[] = [];
  let clock = 0;
  const patience = {
    totalMs: 60_000,
    now: () => clock,
    sleep: async (ms: number) => {
      pauses.push(ms);
      clock += ms;
    },
  };
  return { lines, pauses, patience, log: (line: string) => lines.push(line) };
}

test('each reason is told once, and pauses grow to 4 s', async () => {
  const { lines, pauses, patience, log } = world();
  const failures = ['refused', 'refused', 'refused', 'starting up', 'starting up', 'starting up'];
  await awaitDatabase(
    async () => {
      const failure = failures.shift();
      if (failure) throw new Error(failure);
    },
    log,
    patience,
  );
  expect(lines).toEqual([
    'waiting for the database: refused',
    'waiting for the database: starting up',
  ]);
  expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000]);
});

test('it ends within its time, with the last reason', async () => {
  const { pauses, patience, log } = world();
  const attempt = () =>
    awaitDatabase(async () => Promise.reject(new Error('no route')), log, patience);
  await expect(attempt()).rejects.toThrow('no route');
  expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(60_000);
});
