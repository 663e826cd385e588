import type { Command, Option } from 'commander';
import { nameOf, notesOf, sharedOptions, verbsOf } from '../help/notes.js';
import { codeBlock, page, sentence, table } from './markdown.js';

/** The reference of all commands of `program`, as Markdown. */
export function commandsPage(program: Command): string {
  const verbs = verbsOf(program).filter(isShown);
  return page([
    '# Commands',
    '`npm run docs` writes this page from the program; `clusterkit help COMMAND` prints the same. In a checkout of clusterkit, write `scripts/clusterkit …`, or put its `scripts` on your `PATH`.',
    '## Options of every command',
    optionTable(sharedOptions()),
    '`--config` and `--registry` also come from the variables `CLUSTERKIT_CONFIG` and `CLUSTERKIT_REGISTRY`.',
    '## Exit codes of every command',
    exitTable(notesOf(program)?.exits ?? {}),
    'See also [exit codes and error codes](errors.md).',
    ...verbs.flatMap((verb, index) => {
      const heading = groupOf(verb);
      const isFirst = index === 0 || heading !== groupOf(verbs[index - 1] as Command);
      return [...(isFirst ? [`## ${heading}`] : []), ...verbSection(verb)];
    }),
  ]);
}

const isShown = (verb: Command): boolean =>
  verb.parent !== null && verb.createHelp().visibleCommands(verb.parent).includes(verb);

/** The heading that the help lists a verb below. */
const groupOf = (verb: Command): string =>
  verb.parent?.parent ? groupOf(verb.parent) : verb.helpGroup().replace(/:$/, '');

function verbSection(verb: Command): string[] {
  const shared = sharedOptions().map(({ long }) => long);
  const options = verb.options.filter(({ long }) => !shared.includes(long));
  const { text = [], exits = {}, examples = [] } = notesOf(verb) ?? {};
  return [
    `### ${nameOf(verb)}`,
    sentence(verb.description()),
    codeBlock('text', [`${nameOf(verb)} ${verb.usage()}`]),
    ...text,
    ...argumentTable(verb),
    ...(options.length === 0 ? [] : [optionTable(options)]),
    ...(Object.keys(exits).length === 0 ? [] : [exitTable(exits)]),
    codeBlock('sh', examples),
  ];
}

function argumentTable(verb: Command): string[] {
  const help = verb.createHelp();
  const rows = verb.registeredArguments.map((argument) => [
    `\`${argument.name()}\``,
    sentence(help.argumentDescription(argument)),
  ]);
  return rows.length === 0 ? [] : [table(['argument', 'meaning'], rows)];
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map((option) => [`\`${option.flags}\``, sentence(described(option))]);
  return table(['option', 'meaning'], rows);
}

function described({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices ? `: ${argChoices.join(', ')}` : '';
  const hasDefault = typeof defaultValue === 'string';
  return `${description}${choices}${hasDefault ? ` (default: ${defaultValue})` : ''}`;
}

const exitTable = (exits: Readonly<Record<string, string>>): string =>
  table(
    ['exit code', 'meaning'],
    Object.entries(exits).map(([code, meaning]) => [code, sentence(meaning)]),
  );
