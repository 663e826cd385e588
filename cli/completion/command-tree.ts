import type { Argument, Command, Option } from 'commander';

/** The source of the words for an argument: a kind of names, or the words themselves. */
export type Source = 'registry' | 'settings' | 'apps' | 'backups' | 'file' | readonly string[];

/** One command of the program, as completion sees it. */
export interface CommandNode {
  /** `cluster add`; empty for the program itself. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionNode[];
  readonly arguments: readonly ArgumentNode[];
}

export interface OptionNode {
  /** Such as `--registry`. */
  readonly flag: string;
  readonly description: string;
  /** The value: none, a file, a cluster of the registry, or free text. */
  readonly value: 'none' | 'file' | 'registry' | 'text';
}

export interface ArgumentNode {
  readonly source: Source | undefined;
  readonly variadic: boolean;
}

/** The program and all commands that its help shows. */
export function commandTree(program: Command): CommandNode[] {
  return nodesOf(program, '');
}

function nodesOf(command: Command, path: string): CommandNode[] {
  const help = command.createHelp();
  // Commander adds its own `help` command here. It has no parent, and is left out.
  const children = help.visibleCommands(command).filter(({ parent }) => parent !== null);
  const node: CommandNode = {
    path,
    commands: children.map((child) => ({ name: child.name(), description: child.description() })),
    options: help.visibleOptions(command).flatMap(optionNode),
    arguments: command.registeredArguments.map((each) => argumentNode(path, each)),
  };
  const below = children.filter((child) => child.name() !== 'help');
  return [
    node,
    ...below.flatMap((child) => nodesOf(child, path ? `${path} ${child.name()}` : child.name())),
  ];
}

function optionNode({ long, description, flags, required, optional }: Option): OptionNode[] {
  if (!long) return [];
  const takes = required || optional;
  const value = !takes
    ? 'none'
    : /<file\W/.test(flags)
      ? 'file'
      : long === '--cluster'
        ? 'registry'
        : 'text';
  return [{ flag: long, description, value }];
}

function argumentNode(path: string, argument: Argument): ArgumentNode {
  return { source: sourceOf(path, argument), variadic: argument.variadic };
}

/** The verbs outside `cluster` whose argument is a name of the registry. */
const BY_REGISTRY = ['exec', 'env'];
/** The verbs whose argument is a new name. */
const NEW_NAME = ['cluster add', 'init'];

/** The name of an argument decides its words. */
function sourceOf(path: string, argument: Argument): Source | undefined {
  if (argument.argChoices) return argument.argChoices;
  switch (argument.name()) {
    case 'name':
    case 'from':
      if (NEW_NAME.includes(path)) return undefined;
      return path.startsWith('cluster ') || BY_REGISTRY.includes(path) ? 'registry' : 'settings';
    case 'app':
      return 'apps';
    case 'backup':
      return 'backups';
    case 'file':
    case 'dir':
      return 'file';
    default:
      return undefined;
  }
}
