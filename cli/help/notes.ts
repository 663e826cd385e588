import type { Command } from 'commander';

/** What the help of a command says beyond its arguments and options. */
export interface Notes {
  /** Paragraphs. The help wraps each of them. */
  readonly text?: readonly string[];
  /** Exit codes that have a meaning of their own here. */
  readonly exits?: Readonly<Record<string, string>>;
  /** Lines that a reader can copy. */
  readonly examples: readonly string[];
}

const notesByCommand = new WeakMap<Command, Notes>();

/** Adds notes to a command, for its help and for the reference of the commands. */
export function annotate(command: Command, notes: Notes): Command {
  notesByCommand.set(command, notes);
  return command;
}

/** The notes of a command. */
export const notesOf = (command: Command): Notes | undefined => notesByCommand.get(command);
