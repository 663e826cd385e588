import { expect, test } from 'vitest';
import { TestFunctions } from './test-functions.js';

test('frozen and woken: the same process, file and connection; stopped and started: new ones', async () => {
  const functions = await new TestFunctions().start();
  const PEER = await functions.peer();
  const names = await functions.create('hello', { env: { PEER } });
  const applied = await functions.apply('hello', names);
  expect(applied.functions.hello?.instances.map(({ name }) => name)).toEqual(names);

  const cold = await functions.state('hello');
  expect(cold.peer).toBe('1');
  const warm = await functions.state('hello');
  expect(warm).toMatchObject({ boot: cold.boot, served: 2, connection: cold.connection });
  expect(await functions.report('hello')).toMatchObject({
    lastColdStartMs: expect.any(Number),
    counts: { served: 2, refused: 0, timeouts: 0, broken: 0, crashes: 0 },
  });

  await functions.apply('hello', names, { idleMs: 50 });
  await functions.untilStates('hello', 'frozen');
  const { State } = await functions.instance('hello', 'r1', 1).inspect();
  expect(State).toMatchObject({ Status: 'paused', Paused: true });
  const woken = await functions.state('hello');
  expect(woken).toEqual({ ...cold, served: 3, peer: '1' });
  expect((await functions.report('hello')).lastThawMs).toEqual(expect.any(Number));

  await functions.apply('hello', names, { idleMs: 50, stopMs: 300 });
  await functions.untilStates('hello', 'stopped');
  // It ended by itself on SIGTERM: it was woken for that.
  const ended = await functions.instance('hello', 'r1', 1).inspect();
  expect(ended.State).toMatchObject({ Status: 'exited', ExitCode: 0 });
  const again = await functions.state('hello');
  expect(again).toMatchObject({ served: 1, peer: '2' });
  expect(again.boot).not.toBe(cold.boot);
  expect((await functions.report('hello')).counts).toMatchObject({ served: 4, crashes: 0 });
});
