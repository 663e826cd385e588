import { expect, test } from 'vitest';
import { settingsSchema } from '../../../gateway/settings.js';
import { shareOf, workerCount } from '../../../gateway/worker-count.js';

const MB = 1024 * 1024;
const SERVER = { url: 'http://server:4466', generation: 'C' };
const settings = (more: object = {}) =>
  settingsSchema.parse({ server: SERVER, serverSecret: 'secret', ...more });

test.each([
  ['a machine with room', {}, 8, Number.POSITIVE_INFINITY, 2],
  ['one processor', {}, 1, Number.POSITIVE_INFINITY, 1],
  ['the memory of one', {}, 8, 192 * MB, 1],
  ['the memory of two', {}, 8, 320 * MB, 2],
  ['hardly any memory', {}, 8, 64 * MB, 1],
  ['a number in the settings', { workers: 4 }, 1, 64 * MB, 4],
  ['limits of requests', { rate: {} }, 8, Number.POSITIVE_INFINITY, 1],
])('%s', (_, more, processors, memoryBytes, count) => {
  expect(workerCount(settings(more), { processors, memoryBytes })).toBe(count);
});

test('what is limited is not counted in several processes', () => {
  const told = { server: SERVER, serverSecret: 'secret', rate: {}, workers: 2 };
  const { error } = settingsSchema.safeParse(told);
  expect(error?.issues.map(({ path }) => path)).toEqual([['workers']]);
});

test('several processes share what they may have', () => {
  const whole = settings({ limits: { connections: 101, webSockets: 10 } });
  const { server, limits } = shareOf(whole, 2);
  expect([server.connections, limits.connections, limits.webSockets]).toEqual([128, 51, 5]);
  expect(limits.bodyMegabytes).toBe(whole.limits.bodyMegabytes);
  expect(shareOf(whole, 1)).toEqual(whole);
});
