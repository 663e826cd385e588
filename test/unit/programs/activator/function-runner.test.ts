import { beforeEach, describe, expect, test } from 'vitest';
import type { FunctionSpec } from '../../../../cluster/functions/functions-document.js';
import { FunctionRunner } from '../../../../programs/activator/function-runner.js';
import type { Turn } from '../../../../programs/activator/turn.js';
import { FakeContext, SPEC } from './fake-context.js';

let context: FakeContext;
let runner: FunctionRunner;
const STAYS = new AbortController().signal;

/** Begins with instances in the given states; `undefined`: no such container. */
function begin(states: Record<string, string>, spec: Partial<FunctionSpec> = {}) {
  context = new FakeContext();
  runner = new FunctionRunner('hello', { ...SPEC, ...spec }, context);
  for (const [name, state] of Object.entries(states)) context.states.set(name, state);
  observe();
}
const observe = () => runner.observe(context.list(), context.clock.now());
const states = () => runner.report.instances.map(({ state }) => state);
const pass = (ms: number) => context.clock.pass(ms);

/** Requests as they come; `fates` fills with what became of them, in their order. */
function ask(count: number, signal = STAYS) {
  const turns: Turn[] = [];
  const fates: string[] = [];
  for (let number = 0; number < count; number++) {
    void runner.acquire(signal).then((turn) => {
      turns.push(turn);
      if (turn.outcome === 'admitted') fates.push(turn.instance.name);
      else if (turn.outcome === 'refused') fates.push(String(turn.answer.status));
      else fates.push(turn.outcome);
    });
  }
  const giveBack = () => {
    for (const turn of turns) if (turn.outcome === 'admitted') turn.giveBack();
  };
  return { fates, turns, giveBack };
}

describe('waking', () => {
  beforeEach(() => begin({ a: 'exited', b: 'exited' }));

  test('one request starts one instance, and waits for it', async () => {
    const { fates } = ask(1);
    expect(states()).toEqual(['starting', 'stopped']);
    await pass(499);
    expect(fates).toEqual([]);
    await pass(1);
    expect(fates).toEqual(['a']);
    expect(context.acts).toEqual(['start a']);
    expect(runner.report).toMatchObject({ lastColdStartMs: 500, inflight: 1, queue: 0 });
  });

  test('more requests than one can take start the next; places go in the order of arrival', async () => {
    const { fates } = ask(3);
    expect(states()).toEqual(['starting', 'starting']);
    await pass(500);
    expect(fates).toEqual(['a', 'a', 'b']);
  });

  test('frozen ones are woken before others are started', async () => {
    begin({ a: 'exited', b: 'paused' });
    const { fates } = ask(1);
    await pass(0);
    expect([fates, context.acts]).toEqual([['b'], ['unpause b']]);
  });

  test('a request whose client leaves gives its place in the line to the next', async () => {
    begin({ a: 'running' }, { instances: ['a'], concurrency: 1 });
    await pass(500);
    const first = ask(1);
    await pass(0);
    const leaving = new AbortController();
    const second = ask(1, leaving.signal);
    const third = ask(1);
    leaving.abort();
    await pass(0);
    first.giveBack();
    await pass(0);
    expect([second.fates, third.fates]).toEqual([['gone'], ['a']]);
  });
});

describe('limits', () => {
  test('places of all instances, then the queue, then 429', async () => {
    begin({ a: 'exited', b: 'exited' });
    const { fates, turns } = ask(9);
    await pass(0);
    expect(fates).toEqual(['429', '429']);
    expect(turns[0]).toMatchObject({ answer: { retryAfterMs: 1_000 } });
    await pass(500);
    expect(runner.report).toMatchObject({ inflight: 4, queue: 3, counts: { refused: 2 } });
  });

  test('who waits longer than allowed gets 429, or 503 while nothing is ready', async () => {
    begin({ a: 'running' }, { instances: ['a'], concurrency: 1 });
    await pass(500);
    ask(1);
    const busy = ask(1);
    await pass(10_000);
    expect(busy.fates).toEqual(['429']);
    begin({ a: 'exited' }, { instances: ['a'], startMs: 60_000 });
    context.startMs = 50_000;
    const cold = ask(1);
    await pass(10_000);
    expect(cold.fates).toEqual(['503']);
  });
});

describe('sleeping', () => {
  test('an idle instance is frozen, then stopped; requests use the first, so others sleep sooner', async () => {
    begin({ a: 'running', b: 'running' }, { idleMs: 1_000, stopMs: 3_000 });
    await pass(500);
    const spike = ask(4);
    await pass(0);
    spike.giveBack();
    for (let second = 0; second < 4; second++) {
      const { fates, giveBack } = ask(1);
      await pass(900);
      expect(fates).toEqual(['a']);
      giveBack();
    }
    expect(context.acts).toEqual(['pause b', 'stop b']);
    await pass(1_000);
    expect(states()).toEqual(['frozen', 'stopped']);
    expect(context.disconnected).toEqual(['b', 'b', 'a']);
    await pass(2_000);
    expect(states()).toEqual(['stopped', 'stopped']);
  });

  test('never means never; a running request keeps its instance awake', async () => {
    begin({ a: 'running' }, { instances: ['a'] });
    await pass(1e9);
    expect(context.acts).toEqual([]);
    begin({ a: 'running' }, { instances: ['a'], idleMs: 1_000 });
    await pass(500);
    ask(1);
    await pass(60_000);
    expect(context.acts).toEqual([]);
  });

  test('a request that comes while the instance is being frozen wakes it again', async () => {
    begin({ a: 'running' }, { instances: ['a'], idleMs: 1_000 });
    await context.clock.pass(500);
    let finish = () => {};
    const { act } = context;
    context.act = (name, action) =>
      new Promise((resolve) => {
        finish = () => resolve(act(name, action));
        if (action === 'unpause') finish();
      });
    await pass(1_000);
    expect(states()).toEqual(['freezing']);
    const { fates } = ask(1);
    finish();
    await pass(0);
    expect([fates, context.acts]).toEqual([['a'], ['pause a', 'unpause a']]);
  });
});

describe('trouble', () => {
  test('a crash: told, backed off from longer each time, and over when a request is served', async () => {
    begin({ a: 'running' }, { instances: ['a'] });
    await pass(500);
    const crash = () => {
      context.states.set('a', 'exited');
      observe();
    };
    await pass(1);
    crash();
    expect(runner.report.instances).toMatchObject([{ state: 'backing-off', retryInMs: 1_000 }]);
    expect(runner.report.lastError?.message).toBe('a: it ended with exit code 1');
    const { fates, turns } = ask(1);
    await pass(1_000);
    observe();
    await pass(500);
    expect(fates).toEqual(['a']);
    crash();
    expect(runner.report.instances).toMatchObject([{ failures: 2, retryInMs: 2_000 }]);
    const [turn] = turns;
    if (turn?.outcome === 'admitted') runner.served(turn.instance);
    expect(runner.report.instances).toMatchObject([{ failures: 0 }]);
    expect(runner.report.counts).toMatchObject({ crashes: 2, served: 1 });
  });

  test('after three failures requests are refused with the time of the next attempt', async () => {
    begin({ a: 'exited' }, { instances: ['a'] });
    context.failures.set('start a', 'no such image');
    const waiting = ask(1);
    for (const ms of [0, 1_000, 2_000]) {
      await pass(ms);
      observe();
      await pass(0);
    }
    expect(waiting.fates).toEqual(['503']);
    const next = ask(1);
    await pass(0);
    expect(next.turns).toMatchObject([{ answer: { status: 503, retryAfterMs: 4_000 } }]);
    expect(context.acts).toEqual(['start a', 'start a', 'start a']);
    // The attempt after that succeeds.
    context.failures.clear();
    await pass(4_000);
    observe();
    const last = ask(1);
    await pass(500);
    expect(last.fates).toEqual(['a']);
  });

  test('an instance that is not ready in time is stopped and tried again', async () => {
    begin({ a: 'exited' }, { instances: ['a'] });
    context.startMs = 1e6;
    ask(1);
    await pass(5_000);
    expect(context.acts).toEqual(['start a', 'stop a']);
    expect(runner.report.lastError?.message).toBe('a: it cannot serve 5000 ms after its start');
  });

  test('after a time-out the instance gets no requests, and is stopped when the others have ended', async () => {
    begin({ a: 'running' }, { instances: ['a'] });
    await pass(500);
    const [late, beside] = [ask(1), ask(1)];
    await pass(0);
    const [turn] = late.turns;
    if (turn?.outcome === 'admitted') runner.timedOut(turn.instance);
    late.giveBack();
    const next = ask(1);
    await pass(100);
    expect([states(), context.acts]).toEqual([['recycling'], []]);
    beside.giveBack();
    await pass(500);
    expect([next.fates, context.acts]).toEqual([['a'], ['stop a', 'start a']]);
    expect(runner.report.counts).toMatchObject({ timeouts: 1, crashes: 0 });
  });

  test('those beside it have as long as a request may take', async () => {
    begin({ a: 'running' }, { instances: ['a'] });
    await pass(500);
    const both = ask(2);
    await pass(0);
    const [turn] = both.turns;
    if (turn?.outcome === 'admitted') {
      runner.timedOut(turn.instance);
      turn.giveBack();
    }
    await pass(3_999);
    expect(context.acts).toEqual([]);
    await pass(1);
    expect(context.acts).toEqual(['stop a']);
  });

  test('a request that could not be sent comes first again', async () => {
    begin({ a: 'running' }, { instances: ['a'], concurrency: 1 });
    await pass(500);
    const first = ask(1);
    const second = ask(1);
    await pass(0);
    const [turn] = first.turns;
    if (turn?.outcome !== 'admitted') throw new Error('it has its place');
    runner.broken(turn.instance, 'refused', false);
    turn.giveBack();
    const again = runner.acquire(STAYS, true);
    await pass(500);
    expect(await again).toMatchObject({ outcome: 'admitted' });
    expect(second.fates).toEqual([]);
    expect(runner.report.counts).toMatchObject({ broken: 0, crashes: 0 });
  });
});

describe('releases', () => {
  test('a replaced instance keeps its requests, gets no new ones, and is stopped at last', async () => {
    begin({ a: 'running' }, { instances: ['a'] });
    await pass(500);
    const old = ask(1);
    await pass(0);
    context.states.set('c', 'running');
    runner.configure({ ...SPEC, release: 'r2', instances: ['c'] });
    observe();
    const next = ask(1);
    await pass(500);
    expect(next.fates).toEqual(['c']);
    expect(runner.report).toMatchObject({
      release: 'r2',
      draining: [{ name: 'a', state: 'ready', inflight: 1 }],
      inflight: 2,
    });
    expect(context.acts).toEqual([]);
    old.giveBack();
    await pass(0);
    expect([context.acts, runner.report.draining]).toEqual([['stop a'], []]);
  });

  test('a removed function answers 404, also to those who wait, and is over when its instances are', async () => {
    begin({ a: 'exited' }, { instances: ['a'] });
    const { fates } = ask(1);
    runner.remove();
    await pass(0);
    expect(fates).toEqual(['404']);
    await pass(500);
    expect([runner.isOver, context.acts]).toEqual([true, ['start a', 'stop a']]);
  });

  test('while the activator stops, waiting requests and new ones are turned away', async () => {
    begin({ a: 'exited' }, { instances: ['a'] });
    const waiting = ask(1);
    runner.stop();
    const late = ask(1);
    await pass(0);
    expect([waiting.fates, late.fates]).toEqual([['503'], ['503']]);
  });
});

describe('taking over', () => {
  test('containers are taken as they are', async () => {
    begin(
      { run: 'running', froze: 'paused', ended: 'exited', made: 'created', going: 'removing' },
      { instances: ['run', 'froze', 'ended', 'made', 'going', 'gone'] },
    );
    const before = ['starting', 'frozen', 'stopped', 'stopped', 'unknown', 'missing'];
    expect(states()).toEqual(before);
    await pass(500);
    expect(states()).toEqual(['ready', ...before.slice(1)]);
    expect(context.acts).toEqual([]);
  });

  test('a list from before an action is old', async () => {
    begin({ a: 'exited' }, { instances: ['a'] });
    const old = context.list();
    const askedMs = context.clock.now();
    ask(1);
    await pass(1);
    runner.observe(old, askedMs);
    expect(states()).toEqual(['starting']);
  });

  test('without any container requests are refused', async () => {
    begin({}, { instances: ['a'] });
    const { fates } = ask(1);
    await pass(0);
    expect(fates).toEqual(['503']);
  });
});
