import { expect, test } from 'vitest';
import { relayMemory } from '../../../../cluster/containers/relay-memory.js';

/** Measured: without clients, and for each client while both of its sides wait. */
const IDLE_MB = 35;
const CLIENT_MB = 0.45;

test('by default for 150 clients; more connections of the server get more memory', () => {
  expect(relayMemory()).toEqual({ connections: 150, limit: 160, heap: 34 });
  expect(relayMemory(130)).toEqual(relayMemory());
  expect(relayMemory(580)).toEqual({ connections: 600, limit: 460, heap: 62 });
});

test('holds as many clients as it accepts, all of them waiting on both sides', () => {
  for (const connections of [10, 130, 131, 500, 2000, 9000]) {
    const memory = relayMemory(connections);
    expect(memory.connections).toBeGreaterThanOrEqual(connections + 20);
    expect(IDLE_MB + CLIENT_MB * memory.connections).toBeLessThan(memory.limit);
    expect(memory.heap).toBeLessThan(memory.limit / 3);
  }
});
