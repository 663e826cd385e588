import { describe, expect, test } from 'vitest';
import { createReport } from '../../../cli/report.js';
import { fakeProcess } from '../../support/fake-process.js';

function reported(
  custom: { json?: boolean; verbose?: boolean; terminal?: boolean; env?: NodeJS.ProcessEnv } = {},
) {
  const { world, written } = fakeProcess({ terminal: custom.terminal === true });
  const { stdout, stderr } = world;
  const report = createReport({
    json: custom.json === true,
    verbose: custom.verbose === true,
    stdout,
    stderr,
    env: custom.env ?? {},
  });
  report.say('result');
  report.json({ a: 1 });
  report.step('quick', 99);
  report.step('slow', 2345);
  report.warn('careful');
  report.detail('detail');
  return written;
}

describe('createReport', () => {
  test('defaults: results on stdout, the rest plain on stderr', () => {
    expect(reported()).toEqual({
      stdout: 'result\n',
      stderr: '✓ quick\n✓ slow 2.3 s\n! careful\n',
    });
  });

  test('what is asked for is shown; steps, warnings and details show no secret', () => {
    const { world, written } = fakeProcess();
    const { stdout, stderr } = world;
    const report = createReport({ json: false, verbose: true, stdout, stderr, env: {} });
    for (const say of [report.say, report.step, report.warn, report.detail]) say('http://u:pw@h');
    expect(written.stdout).toBe('http://u:pw@h\n');
    expect(written.stderr).toBe('✓ http://[secret]@h\n! http://[secret]@h\nhttp://[secret]@h\n');
  });

  test('--json: one value on stdout', () => {
    expect(reported({ json: true }).stdout).toBe('{\n  "a": 1\n}\n');
  });

  test('--verbose: detail on stderr', () => {
    expect(reported({ verbose: true }).stderr).toContain('detail\n');
  });

  const colour = '\u001b[';
  test('colour on a terminal only, and not with NO_COLOR or a dumb one', () => {
    expect(reported({ terminal: true }).stderr).toContain(colour);
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      expect(reported({ terminal: true, env }).stderr).not.toContain(colour);
    }
    expect(reported().stderr).not.toContain(colour);
  });

  test('no colour ever on stdout', () => {
    expect(reported({ terminal: true }).stdout).toBe('result\n');
  });
});
