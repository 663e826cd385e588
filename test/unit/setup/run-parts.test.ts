import { expect, it } from 'vitest';
import { environmentError } from '../../../lib/errors.js';
import { missing, type Part, right } from '../../../setup/part.js';
import { runParts, type SetupReport } from '../../../setup/run-parts.js';

function recorder() {
  const lines: string[] = [];
  const report: SetupReport = {
    found: (part, detail) => lines.push(`${part} found: ${detail}`),
    making: (part, why) => lines.push(`${part} making: ${why}`),
    made: (part, detail, ms) => lines.push(`${part} made: ${detail} in ${ms} ms`),
    progress: (part) => ({
      step: (text) => lines.push(`${part} step: ${text}`),
      output: () => {},
    }),
  };
  let clock = 0;
  const props = {
    report,
    exclude: async () => void lines.push('excluded'),
    now: () => (clock += 5),
  };
  return { lines, props };
}

/** A part that is wrong until it is made. */
function part(name: string, isRight: boolean, log: string[]): Part {
  let state = isRight;
  return {
    name,
    check: async () => {
      log.push(`${name} checked`);
      return state ? right('fine') : missing('not there');
    },
    make: async (progress) => {
      progress.step('working');
      state = true;
      return 'there now';
    },
  };
}

it('only looks when all is right', async () => {
  const { lines, props } = recorder();
  await runParts([part('a', true, []), part('b', true, [])], props);
  expect(lines).toEqual(['a found: fine', 'b found: fine']);
});

it('locks once, makes what is missing, and goes on in order', async () => {
  const { lines, props } = recorder();
  await runParts([part('a', false, lines), part('b', true, lines), part('c', false, lines)], props);
  expect(lines).toEqual([
    'a checked',
    'excluded',
    'a checked',
    'a making: not there',
    'a step: working',
    'a made: there now in 5 ms',
    'b checked',
    'b found: fine',
    'c checked',
    'c making: not there',
    'c step: working',
    'c made: there now in 5 ms',
  ]);
});

it('makes nothing that another setup made while this one waited', async () => {
  const { lines, props } = recorder();
  let there = false;
  const exclude = async () => {
    there = true;
  };
  const slow: Part = {
    name: 'a',
    check: async () => (there ? right('from the other') : missing('not there')),
    make: () => Promise.reject(new Error('made twice')),
  };
  await runParts([slow], { ...props, exclude });
  expect(lines).toEqual(['a found: from the other']);
});

const failing = (name: string, error: Error, needs: string[] = []): Part => ({
  name,
  needs,
  check: async () => missing('not there'),
  make: () => Promise.reject(error),
});

it('goes on without what needs a failed part, and reports all that the machine lacks', async () => {
  const { lines, props } = recorder();
  const parts = [
    failing('a', environmentError('x', { message: 'no compiler', hint: 'Install one.' })),
    failing('b', environmentError('y', { path: 'HOST', message: 'no answer' })),
    failing('c', new Error('never reached'), ['b']),
    part('d', true, []),
  ];
  await expect(runParts(parts, props)).rejects.toMatchObject({
    code: 'setup-incomplete',
    exitCode: 3,
    message: 'a: no compiler\n  Install one.\nHOST: no answer',
  });
  expect(lines).toEqual([
    'excluded',
    'a making: not there',
    'b making: not there',
    'd found: fine',
  ]);
});

it('stops at once at an error that is nobody’s lack', async () => {
  const { lines, props } = recorder();
  const parts = [failing('a', new Error('a bug')), part('b', true, lines)];
  await expect(runParts(parts, props)).rejects.toThrow('a bug');
  expect(lines).toEqual(['excluded', 'a making: not there']);
});
