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
  answer(confirm({ message: printable(message), default: false }, terminal(context)));

/** A text that is not empty. @throws NoAnswer */
export const askText = (context: Context, message: string): Promise<string> =>
  answer(input({ message: printable(message), required: true }, terminal(context)));

/** One of `choices`. @throws NoAnswer */
export const askChoice = (
  context: Context,
  message: string,
  choices: readonly Choice[],
): Promise<string> =>
  answer(
    select(
      {
        message: printable(message),
        choices: choices.map(({ value, label }) => ({
          ...{ value, name: printableLine(label), short: printableLine(value) },
        })),
        pageSize: 12,
      },
      terminal(context),
    ),
  );

const terminal = ({ stdin: input, stderr: output, signal }: Context) => ({ input, output, signal });

/** The prompts end with one of these errors. */
const ENDED = new Set(['ExitPromptError', 'AbortPromptError', 'CancelPromptError']);

async function answer<T>(prompt: Promise<T>): Promise<T> {
  try {
    return await prompt;
  } catch (error) {
    if (!(error instanceof Error) || !ENDED.has(error.name)) throw error;
    throw new NoAnswer('You gave no answer: nothing was changed.', { cause: error });
  }
}
