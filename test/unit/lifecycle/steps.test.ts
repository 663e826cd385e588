import { expect, test, vi } from 'vitest';
import { Steps } from '../../../lifecycle/steps.js';

function start() {
  const details: string[] = [];
  return { details, steps: new Steps({ detail: (text) => void details.push(text) }) };
}

test('runs steps in turn, measures each and gives its result', async () => {
  const now = vi.spyOn(performance, 'now');
  for (const time of [1000, 1042.4, 2000, 3550]) now.mockReturnValueOnce(time);
  const { steps, details } = start();
  expect(await steps.run('preflight', async () => 'found')).toBe('found');
  await steps.run('apply', async () => {});
  now.mockRestore();
  expect(steps.times).toEqual([
    { step: 'preflight', ms: 42 },
    { step: 'apply', ms: 1550 },
  ]);
  expect(details).toEqual(['preflight (0.0 s)', 'apply (1.6 s)']);
});

test('a step that fails is not recorded, and its error is passed on', async () => {
  const { steps, details } = start();
  await steps.run('preflight', async () => {});
  const failing = steps.run('apply', async () => {
    throw new Error('no space left');
  });
  await expect(failing).rejects.toThrow('no space left');
  expect(steps.times.map(({ step }) => step)).toEqual(['preflight']);
  expect(details).toHaveLength(1);
});
