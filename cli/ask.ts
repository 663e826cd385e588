import { confirm, input, select } from '@inquirer/prompts';
import { printable, printableLine } from '../lib/printable.js';
import type { Context } from './context.js';
import { NoAnswer } from './no-answer.js';

/** What a person can choose. */
export interface Choice {
  readonly value: string;
  /** The line to choose. */
  readonly label: string;
}

/** Yes or no; no is the default. @throws NoAnswer */
export const askYesNo = (context: Context, message: string): Promise<boolean> =>
  answer(context, (terminal) => confirm({ message: printable(message), default: false }, terminal));

/** A text that is not empty. @throws NoAnswer */
export const askText = (context: Context, message: string): Promise<string> =>
  answer(context, (terminal) => input({ message: printable(message), required: true }, terminal));

/** One of `choices`. @throws NoAnswer */
export const askChoice = (
  context: Context,
  message: string,
  choices: readonly Choice[],
): Promise<string> =>
  answer(context, (terminal) =>
    select(
      {
        message: printable(message),
        choices: choices.map(({ value, label }) => ({
          ...{ value, name: printableLine(label), short: printableLine(value) },
        })),
        pageSize: 12,
      },
      terminal,
    ),
  );

/** The prompts end with one of these errors. */
const ENDED = new Set(['ExitPromptError', 'AbortPromptError', 'CancelPromptError']);

/** Where a prompt asks. */
interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

/**
 * Shows a prompt on the terminal of `context`. The prompts know Ctrl-C only: Ctrl-D and the end of the terminal
 * would leave them waiting for ever.
 */
async function answer<T>(
  { stdin, stderr, signal }: Context,
  prompt: (terminal: Terminal) => Promise<T>,
): Promise<T> {
  const gone = new AbortController();
  const end = () => gone.abort();
  const onKey = (_: unknown, key?: { readonly ctrl?: boolean; readonly name?: string }) => {
    if (key?.ctrl && key.name === 'd') end();
  };
  stdin.on('end', end).on('close', end).on('keypress', onKey);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    return await prompt({ input: stdin, output: stderr, signal: gone.signal });
  } catch (error) {
    if (!(error instanceof Error) || !ENDED.has(error.name)) throw error;
    throw new NoAnswer('You gave no answer: nothing was changed.', { cause: error });
  } finally {
    stdin.off('end', end).off('close', end).off('keypress', onKey);
    signal.removeEventListener('abort', end);
  }
}
