import { expect, test } from 'vitest';
import { readBuildOutput } from '../../../../clients/docker/build-output.js';

const read = (...lines: string[]) => {
  const output = readBuildOutput();
  for (const line of lines) output.add(line);
  return output;
};

test('the step, the words of commands, and the last image of each stage', () => {
  const output = read(
    'Step 1/5 : FROM base AS one',
    ' ---> 111111111111',
    'Step 2/5 : RUN one',
    ' ---> Running in 999999999999',
    '\u001b[91mwords of one',
    '\u001b[0m',
    'Removing intermediate container 999999999999',
    ' ---> 222222222222',
    'Step 3/5 : RUN two',
    ' ---> Using cache',
    ' ---> 333333333333',
    'Step 4/5 : from base',
    ' ---> 111111111111',
    'Step 5/5 : COPY --from=one /a /b',
    ' ---> 444444444444',
    'Successfully built 444444444444',
  );
  expect(output.lastStep()).toBe('COPY --from=one /a /b');
  expect(output.tail()).toEqual(['words of one']);
  expect(output.stages()).toEqual(['333333333333', '444444444444']);
});

test('base images are of no stage; the tail is bounded', () => {
  const lines = Array.from({ length: 100 }, (_, index) => `${index} ${'x'.repeat(500)}`);
  const output = read('Step 1/2 : FROM base', ' ---> 111111111111', 'Step 2/2 : RUN a', ...lines);
  expect(output.stages()).toEqual([]);
  expect(output.tail()).toHaveLength(30);
  expect(output.tail().at(-1)).toMatch(/^99 x+$/);
  expect(output.tail().at(-1)).toHaveLength(200);
});

test('without output there is no step', () => {
  expect(readBuildOutput().lastStep()).toBeUndefined();
});
