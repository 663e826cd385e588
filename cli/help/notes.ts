import { type Command, Option } from 'commander';

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

/** The words that call a command, such as `clusterkit cluster add`. */
export const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;

/** The commands that do something: all that have no commands below them. */
export const verbsOf = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(verbsOf);

/** The options that every verb takes. */
export const sharedOptions = (): Option[] => [
  new Option('--json', 'print one JSON value on stdout'),
  new Option('--config <file>', 'file with the clusters (default: clusters.yml)'),
  new Option('--registry <file>', 'registry to use (default: ~/.prisma/config.yml)'),
  new Option('--yes', 'ask no questions'),
  new Option('--verbose', 'report details on stderr'),
];
