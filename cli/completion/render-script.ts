import { shellWord } from '../../lib/shell-word.js';
import type { ArgumentNode, CommandNode, OptionNode, Source } from './command-tree.js';

/** The shells with completion. */
export type Shell = 'bash' | 'zsh' | 'fish';

/** The completion script of a shell: its template, filled with the commands of `tree`. */
export function renderScript(shell: Shell, template: string, tree: readonly CommandNode[]): string {
  const options = tree.flatMap((node) => node.options);
  const withValue = flagsOf(options.filter(({ value }) => value !== 'none'));
  const withFile = flagsOf(options.filter(({ value }) => value === 'file'));
  const withName = flagsOf(options.filter(({ value }) => value === 'registry'));
  const commands = tree.flatMap(({ path, commands: below }) =>
    below.map(({ name }) => `${path} ${name}`),
  );
  const separator = shell === 'fish' ? ' ' : ' | ';
  const parts: Readonly<Record<string, string>> = {
    VALUE_OPTIONS: withValue.join(separator),
    FILE_OPTIONS: withFile.join(separator),
    NAME_OPTIONS: withName.join(separator),
    COMMANDS: commands.map(shellWord).join(separator),
    WORDS: tree.map(shell === 'zsh' ? zshWords : bashWords).join('\n'),
    ARGUMENTS: tree
      .flatMap(({ path, arguments: list }) =>
        list.flatMap((each, index) => argumentArm(shell, path, each, index)),
      )
      .join('\n'),
    LINES: tree.flatMap(fishLines).join('\n'),
  };
  return template.replace(/@([A-Z_]+)@/g, (marker, name: string) => parts[name] ?? marker);
}

const flagsOf = (options: readonly OptionNode[]) => [...new Set(options.map(({ flag }) => flag))];

function bashWords({ path, commands, options }: CommandNode): string {
  const words = commands.map(({ name }) => name).join(' ');
  const flags = options.map(({ flag }) => flag).join(' ');
  return `      ${shellWord(path)}) words='${words}' options='${flags}' ;;`;
}

function zshWords({ path, commands, options }: CommandNode): string {
  const described = (list: readonly (readonly [string, string])[]) =>
    list.map(([word, text]) => shellWord(`${word}:${text}`)).join(' ');
  const words = described(commands.map(({ name, description }) => [name, description]));
  const flags = described(options.map(({ flag, description }) => [flag, description]));
  return `    ${shellWord(path)}) commands=(${words}) options=(${flags}) ;;`;
}

/** A case for the number of arguments before this one. */
function argumentArm(shell: Shell, path: string, argument: ArgumentNode, index: number): string[] {
  const { source, variadic } = argument;
  if (source === undefined) return [];
  // The arms of the arguments before come first.
  const pattern = variadic ? `${shellWord(`${path} `)}*` : shellWord(`${path} ${index}`);
  return [`      ${pattern}) ${assignment(shell, source)} ;;`];
}

function assignment(shell: Shell, source: Source): string {
  if (typeof source === 'string') return `kind=${source}`;
  return shell === 'zsh'
    ? `choices=(${source.map(shellWord).join(' ')})`
    : `words='${source.join(' ')}'`;
}

const FISH_TAKES: Readonly<Record<OptionNode['value'], string>> = {
  none: '',
  file: ' -r -F',
  registry: " -x -a '(__clusterkit_names registry)'",
  text: ' -x',
};

function fishLines({ path, commands, options, arguments: list }: CommandNode): string[] {
  const at = (given: string) => `complete -c clusterkit -n '__clusterkit_is "${path}" "${given}"'`;
  return [
    ...commands.map(({ name, description }) => `${at('*')} -a ${name} -d ${inFish(description)}`),
    ...options.map(({ flag, description, value }) => {
      const takes = FISH_TAKES[value];
      return `${at('*')} -l ${flag.slice(2)}${takes} -d ${inFish(description)}`;
    }),
    ...list.flatMap(({ source, variadic }, index) => {
      if (source === undefined) return [];
      const place = at(variadic && index === 0 ? '*' : String(index));
      if (source === 'file') return [`${place} -F`];
      const words =
        typeof source === 'string' ? `(__clusterkit_names ${source})` : source.join(' ');
      return [`${place} -a ${inFish(words)}`];
    }),
  ];
}

const inFish = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
