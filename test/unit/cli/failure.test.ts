import { describe, expect, test } from 'vitest';
import { reportFailure } from '../../../cli/failure.js';
import { environmentError, KitError, usageError } from '../../../lib/errors.js';
import { fakeProcess } from '../../support/fake-process.js';

function failed(error: unknown, argv: string[] = [], interruptedWith?: number) {
  const { world, written } = fakeProcess();
  const code = reportFailure(error, argv, interruptedWith, world.stdout, world.stderr);
  return { code, ...written };
}

describe('reportFailure', () => {
  const problem = { path: 'clusters.one.port', message: 'port 80 is taken', hint: 'Stop that.' };

  test('an error for people: words on stderr, its exit code', () => {
    expect(failed(environmentError('port-taken', problem))).toEqual({
      code: 3,
      stdout: '',
      stderr: 'error: clusters.one.port: port 80 is taken\n  Stop that.\n',
    });
    expect(failed(usageError('x', { message: 'm' })).code).toBe(2);
  });

  test('--json: the same as an object on stdout, words still on stderr', () => {
    const { stdout, stderr } = failed(environmentError('port-taken', problem), ['up', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'port-taken', exitCode: 3, problems: [problem] },
    });
    expect(stderr).toContain('port 80 is taken');
  });

  test('--json: what was done before the failure stands beside it', () => {
    const error = new KitError('port-taken', 3, problem, { done: [{ cluster: 'one' }] });
    expect(JSON.parse(failed(error, ['up', '--json']).stdout)).toEqual({
      error: { code: 'port-taken', exitCode: 3, problems: [problem] },
      done: [{ cluster: 'one' }],
    });
  });

  test('an error that nobody foresaw: exit 1, with its stack', () => {
    const { code, stderr } = failed(new TypeError('x is not a function'));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^internal error, please report it: TypeError: x is not a function\n +at /,
    );
    expect(failed('a string').stderr).toContain('a string');
    const json = JSON.parse(failed(new Error('m'), ['--json']).stdout);
    expect(json).toEqual({
      error: { code: 'internal', exitCode: 1, problems: [{ message: 'm' }] },
    });
  });

  test.each([130, 143, 129])('interrupted: exit %d and what to do next', (signalCode) => {
    const { code, stderr } = failed(new Error('aborted'), [], signalCode);
    expect(code).toBe(signalCode);
    expect(stderr).toContain('Run the same command again');
    expect(stderr).not.toContain('aborted');
  });

  test.each([
    ['up', 'Interrupted. Run the same command again to go on, or `clusterkit down` to undo.\n'],
    ['app deploy', 'Interrupted. Run the same command again to go on.\n'],
    ['app exec', 'Interrupted.\n'],
  ])('an interrupted %s does not lose a cluster', (verb, text) => {
    const argv = ['--verbose', ...verb.split(' '), 'local'];
    expect(failed(new Error('aborted'), argv, 130).stderr).toBe(text);
  });
});
