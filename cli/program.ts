import { Command, CommanderError, Option } from 'commander';
import { EXIT } from '../lib/errors.js';
import { type Context, createContext, type Process, type SharedOptions } from './context.js';

/** A verb's body: gets the context and its own arguments and options, gives the exit code. */
export type Verb<Args extends readonly unknown[], Options> = (
  context: Context,
  options: Options,
  ...args: Args
) => Promise<number>;

/** A family of verbs adds itself to the program. */
export type Register = (program: Command, run: Runner) => void;

/** Turns a verb into commander's action and keeps its exit code. */
export type Runner = <Args extends readonly unknown[], Options>(
  verb: () => Promise<Verb<Args, Options>>,
) => (...args: unknown[]) => Promise<void>;

/**
 * Parses `argv` and runs one verb.
 * Verbs are imported on demand: a command pays only for what it uses.
 */
export async function runProgram(
  argv: readonly string[],
  version: string,
  registers: readonly Register[],
  world: Process,
): Promise<number> {
  let code: number = EXIT.done;
  const program = new Command('clusterkit')
    .description('Self-hosted Prisma 1 clusters: up, proven, registered, and gone again.')
    .version(version)
    .showHelpAfterError('(see clusterkit --help)')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void world.stdout.write(text),
      writeErr: (text) => void world.stderr.write(text),
    });

  const run: Runner =
    (load) =>
    async (...raw) => {
      const command = raw.at(-1) as Command;
      const args = raw.slice(0, -2);
      const options = command.optsWithGlobals() as SharedOptions;
      const verb = await load();
      code = await verb(createContext(options, world), options as never, ...(args as never));
    };

  for (const register of registers) register(program, run);
  for (const command of leaves(program)) addSharedOptions(command);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.done;
    // Commander has told it on stderr.
    if (argv.includes('--json')) world.stdout.write(wrongCall(error.message));
    return EXIT.usage;
  }
  return code;
}

function wrongCall(message: string): string {
  const problems = [{ message: message.replace(/^error: /, '') }];
  const error = { code: 'arguments-invalid', exitCode: EXIT.usage, problems };
  return `${JSON.stringify({ error }, null, 2)}\n`;
}

function leaves(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

function addSharedOptions(command: Command) {
  command
    .addOption(new Option('--json', 'print one JSON value on stdout'))
    .addOption(new Option('--config <file>', 'the clusters (default: clusters.yml)'))
    .addOption(new Option('--registry <file>', 'the registry (default: ~/.prisma/config.yml)'))
    .addOption(new Option('--yes', 'ask nothing'))
    .addOption(new Option('--verbose', 'tell more on stderr'))
    .exitOverride()
    .showHelpAfterError(`(see clusterkit ${command.name()} --help)`);
}
