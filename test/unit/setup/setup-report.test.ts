import { expect, it } from 'vitest';
import { createSetupReport } from '../../../setup/setup-report.js';

function told(options: { quiet?: boolean; verbose?: boolean; isTTY?: boolean }, env = {}) {
  let text = '';
  const stream = {
    isTTY: options.isTTY ?? false,
    write: (part: string) => {
      text += part;
    },
  };
  const { quiet = false, verbose = false } = options;
  const report = createSetupReport({ stream, env, quiet, verbose });
  report.found('engine', 'already running (20.10.24)');
  report.making('provider', 'no answer');
  report.progress('provider').step('building');
  report.progress('provider').output('go: downloading');
  report.made('provider', 'built', 61_234);
  return text;
}

it('tells what was found and what is made, in plain lines', () => {
  expect(told({})).toBe(
    [
      'engine     … already running (20.10.24)',
      'provider   … no answer',
      'provider   … building',
      'provider   … built 61.2 s',
      '',
    ].join('\n'),
  );
});

it('leaves out what was right when quiet, and shows tools when verbose', () => {
  expect(told({ quiet: true })).not.toContain('engine');
  expect(told({ quiet: true })).toContain('provider   … built');
  expect(told({ verbose: true })).toContain('  | go: downloading\n');
});

it('has colours on a terminal only, and never with NO_COLOR', () => {
  const colour = '\u001b[';
  expect(told({ isTTY: true })).toContain(colour);
  expect(told({ isTTY: true }, { NO_COLOR: '1' })).not.toContain(colour);
  expect(told({})).not.toContain(colour);
});
