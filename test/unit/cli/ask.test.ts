import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { askChoice, askText, askYesNo } from '../../../cli/ask.js';
import type { Context } from '../../../cli/context.js';
import { reportFailure } from '../../../cli/failure.js';
import { NoAnswer } from '../../../cli/no-answer.js';

/** A terminal on which a person presses `keys` once the question is there. */
function terminal(keys: string): { context: Context; shown: () => string } {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin });
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  let text = '';
  let isAsked = false;
  stderr.on('data', (part) => {
    text += part;
    if (isAsked) return;
    isAsked = true;
    setImmediate(() => (keys === '' ? stdin.end() : stdin.write(keys)));
  });
  const { signal } = new AbortController();
  return { context: { stdin, stderr, signal } as unknown as Context, shown: () => text };
}

const QUESTIONS = [
  ['yes or no', (context: Context) => askYesNo(context, 'Remove it?')],
  ['a text', (context: Context) => askText(context, 'Address')],
  ['a choice', (context: Context) => askChoice(context, 'Which?', [{ value: 'a', label: 'a' }])],
] as const;

describe.each(QUESTIONS)('%s', (_, ask) => {
  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
    ['the end of the terminal', ''],
  ])('%s is no answer', async (_, keys) => {
    await expect(ask(terminal(keys).context)).rejects.toBeInstanceOf(NoAnswer);
  });
});

test('an answer is an answer', async () => {
  expect(await askYesNo(terminal('y\r').context, 'Remove it?')).toBe(true);
  expect(await askYesNo(terminal('\r').context, 'Remove it?')).toBe(false);
  expect(await askText(terminal('http://x\r').context, 'Address')).toBe('http://x');
});

test('a question shows its words as text', async () => {
  const { context, shown } = terminal('\r');
  await askYesNo(context, 'Remove a\u001b]0;b\u0007?');
  expect(shown()).toContain('Remove a\\u001b]0;b\\u0007?');
});

test('it ends the command as an interrupt does', () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = reportFailure(new NoAnswer('nothing'), ['--json'], undefined, stdout, stderr);
  expect(code).toBe(130);
  expect(String(stderr.read())).toBe('nothing\n');
  expect(JSON.parse(String(stdout.read())).error.code).toBe('interrupted');
});
