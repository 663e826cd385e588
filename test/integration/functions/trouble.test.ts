import { expect, test } from 'vitest';
import { TestFunctions } from './test-functions.js';

test('a crash is told, backed off from, and does not reach another function', async () => {
  const functions = await new TestFunctions().start();
  await functions.apply('good', await functions.create('good'));
  await functions.apply('bad', await functions.create('bad'));
  const good = await functions.state('good');
  const before = await functions.state('bad');
  const crashed = await functions.ask('bad', '/crash');
  expect(crashed.status).toBe(502);
  expect(JSON.parse(crashed.text)).toMatchObject({
    errors: [{ extensions: { code: 'FUNCTION_FAILED' } }],
  });
  const told = await functions.until('bad', ({ counts }) => counts.crashes === 1);
  expect(told.counts).toMatchObject({ served: 1, broken: 1, crashes: 1 });
  expect(told.lastError?.message).toMatch(/app-bad-r1-1: it ended with exit code 7$/);
  // The next request waits until it may be started again.
  const after = await functions.state('bad');
  expect(after.boot).not.toBe(before.boot);
  expect(await functions.state('good')).toMatchObject({ boot: good.boot, served: 2 });
  const log = await functions.get('activator').logs({ stderr: true });
  expect(log.toString()).toContain('function bad: ');
});

test('a function that cannot start: requests are refused after some attempts, others are served', async () => {
  const functions = await new TestFunctions().start();
  await functions.apply('broken', await functions.create('broken', { env: { BROKEN: '1' } }));
  await functions.apply('good', await functions.create('good'));
  const asked = functions.ask('broken');
  const good = await functions.state('good');
  const refused = await asked;
  expect(refused.status).toBe(503);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  const report = await functions.report('broken');
  expect(report.instances).toMatchObject([{ state: 'backing-off', failures: 3 }]);
  expect(report.lastError?.message).toMatch(/it ended with exit code 3$/);
  // At once, without another attempt.
  expect((await functions.ask('broken')).status).toBe(503);
  expect((await functions.report('broken')).counts).toMatchObject({ crashes: 3, refused: 2 });
  expect(await functions.state('good')).toMatchObject({ boot: good.boot });
});

test('a request without end: 504, and a new process once those beside it have their answers', async () => {
  const functions = await new TestFunctions().start();
  await functions.apply('slow', await functions.create('slow'), { timeoutMs: 2_000 });
  const { boot } = await functions.state('slow');
  const never = functions.ask('slow', '/never');
  await functions.until('slow', ({ inflight }) => inflight === 1);
  const beside = functions.ask('slow', '/hold?ms=1800');
  expect((await never).status).toBe(504);
  const { status, text } = await beside;
  expect([status, JSON.parse(text).boot]).toEqual([200, boot]);
  const next = await functions.state('slow');
  expect(next.boot).not.toBe(boot);
  expect((await functions.report('slow')).counts).toMatchObject({
    ...{ served: 3, timeouts: 1, crashes: 0, broken: 0 },
  });
});

test('the activator is killed and comes back: it takes instances over as they are', async () => {
  const functions = await new TestFunctions().start();
  const running = await functions.create('running');
  const frozen = await functions.create('frozen');
  await functions.apply('running', running);
  await functions.apply('frozen', frozen, { idleMs: 100 });
  const before = [await functions.state('running'), await functions.state('frozen')];
  await functions.untilStates('frozen', 'frozen');
  await functions.apply('stopped', await functions.create('stopped'));

  await functions.get('activator').restart({ t: 0 });
  await functions.ensure();
  await functions.untilStates('running', 'ready');
  await functions.untilStates('frozen', 'frozen');
  await functions.untilStates('stopped', 'stopped');
  const after = [await functions.state('running'), await functions.state('frozen')];
  expect(after.map(({ boot }) => boot)).toEqual(before.map(({ boot }) => boot));
  expect((await functions.ask('stopped')).status).toBe(200);
});

test('a new waker: the next request is served, by the frozen process', async () => {
  const functions = await new TestFunctions().start();
  await functions.apply('hello', await functions.create('hello'), { idleMs: 100 });
  const { boot } = await functions.state('hello');
  await functions.untilStates('hello', 'frozen');
  await functions.get('waker').restart({ t: 0 });
  expect((await functions.state('hello')).boot).toBe(boot);
});

test('what others do to containers is seen: stopped, frozen, woken, removed', async () => {
  const functions = await new TestFunctions().start();
  await functions.apply('hello', await functions.create('hello'));
  const { boot } = await functions.state('hello');
  const container = functions.instance('hello', 'r1', 1);
  await container.pause();
  await functions.untilStates('hello', 'frozen');
  expect((await functions.state('hello')).boot).toBe(boot);
  await container.kill();
  await functions.until('hello', ({ counts }) => counts.crashes === 1);
  expect((await functions.state('hello')).boot).not.toBe(boot);
  await container.remove({ force: true });
  await functions.untilStates('hello', 'missing');
  expect((await functions.ask('hello')).status).toBe(503);
  await functions.create('hello');
  expect((await functions.untilStates('hello', 'stopped')).instances).toHaveLength(1);
  expect((await functions.ask('hello')).status).toBe(200);
});
