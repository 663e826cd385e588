import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { applyFunctions } from '../../../apps/functions/apply-functions.js';
import { engine } from '../../support/engine-traces.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { TestFunctions } from './test-functions.js';

test('a release is replaced under load: no failed request, the old one drains and is stopped', async () => {
  const functions = await new TestFunctions().start();
  await functions.apply('web', await functions.create('web'));
  const { boot } = await functions.state('web');
  const next = await functions.create('web', { release: 'r2' });
  await functions.instance('web', 'r2', 1).start();

  const answers: { status: number; boot: string }[] = [];
  let isOver = false;
  const client = async () => {
    while (!isOver) {
      const { status, text } = await functions.ask('web', '/hold?ms=20');
      answers.push({ status, boot: status === 200 ? JSON.parse(text).boot : text });
    }
  };
  const clients = [client(), client(), client()];
  const long = functions.ask('web', '/hold?ms=3000');
  await functions.until('web', ({ inflight }) => inflight > 1);
  const report = await functions.apply('web', next, { release: 'r2' });
  expect(report.functions.web).toMatchObject({ release: 'r2' });
  await functions.untilStates('web', 'ready');
  // What runs at the old release goes on there.
  expect(JSON.parse((await long).text).boot).toBe(boot);
  await sleep(200);
  isOver = true;
  await Promise.all(clients);

  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  const boots = answers.map((each) => each.boot);
  const first = boots.findIndex((each) => each !== boot);
  expect(first).toBeGreaterThan(0);
  expect(boots.slice(first + clients.length)).not.toContain(boot);
  await functions.until('web', ({ draining }) => draining.length === 0);
  const { State } = await functions.instance('web', 'r1', 1).inspect();
  expect(State).toMatchObject({ Status: 'exited', ExitCode: 0 });

  // Back again, to instances that are stopped.
  await functions.apply('web', [`clusterkit-${functions.name}-app-web-r1-1`]);
  expect((await functions.state('web')).boot).not.toBe(boot);
  await functions.remove('web');
  expect((await functions.ask('web')).status).toBe(404);
});

test('a file that cannot be used changes nothing, and is told', async () => {
  const functions = await new TestFunctions().start();
  await functions.apply('web', await functions.create('web'));
  const broken = { functions: { web: { release: 'r2' } } };
  const error = await kitErrorOf(() => applyFunctions(engine, functions.name, broken as never));
  expect([error.code, error.exitCode]).toEqual(['functions-not-applied', 3]);
  expect(error.message).toContain('functions.web.port');
  expect(await functions.report('web')).toMatchObject({ release: 'r1' });
  expect((await functions.ask('web')).status).toBe(200);
});
