import type { Command } from 'commander';
import type { Runner, Verb } from '../program.js';

/**
 * An action whose verb receives two lists: the words before `--`, and those after it, which are for
 * another program. Commander alone passes both as one list.
 */
export function runWithRest<Options>(
  run: Runner,
  load: () => Promise<Verb<[string[], string[]], Options>>,
) {
  const action = run<[string[], string[]], Options>(load);
  return (...raw: unknown[]): Promise<void> => {
    const command = raw.at(-1) as Command;
    const { args } = command;
    const count = afterDashes(command).length;
    const rest = count === 0 ? [] : args.slice(-count);
    return action(args.slice(0, args.length - count), rest, command.opts(), command);
  };
}

function afterDashes(command: Command): readonly string[] {
  let top = command;
  while (top.parent !== null) top = top.parent;
  const words = (top as unknown as { rawArgs: readonly string[] }).rawArgs;
  const at = words.indexOf('--');
  return at === -1 ? [] : words.slice(at + 1);
}
