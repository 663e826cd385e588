import type { Command } from 'commander';

/** The words that call a command, such as `clusterkit cluster add`. */
export const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;

/** The commands that do something: all that have no commands below them. */
export const verbsOf = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(verbsOf);
