import { Help, type HelpConfiguration } from 'commander';
import { type Notes, notesOf } from './notes.js';

/** Columns of the help, on every terminal and in a pipe. */
const WIDTH = 80;

/** The help: notes stand at its end; `[options]`, which all commands have, is left out of the list. */
export const HELP_FORMAT: HelpConfiguration = {
  helpWidth: WIDTH,
  subcommandTerm: (command) =>
    `${command.name()} ${command.usage().replace(/^\[options\] ?/, '')}`.trimEnd(),
  formatHelp: (command, help) => {
    const notes = notesOf(command);
    const text = Help.prototype.formatHelp.call(help, command, help);
    return notes === undefined ? text : `${text}\n${renderNotes(notes, help)}\n`;
  },
};

function renderNotes({ text = [], exits = {}, examples }: Notes, help: Help): string {
  const codes = Object.entries(exits);
  const width = Math.max(0, ...codes.map(([code]) => code.length));
  const lines = codes.map(([code, meaning]) => help.formatItem(code, width, meaning, help));
  return [
    ...text.map((paragraph) => help.boxWrap(paragraph, WIDTH)),
    ...(lines.length === 0 ? [] : [['Exit codes:', ...lines].join('\n')]),
    ['Examples:', ...examples.map((line) => `  ${line}`)].join('\n'),
  ].join('\n\n');
}
