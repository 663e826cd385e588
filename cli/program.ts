import { Command, CommanderError } from 'commander';
import { EXIT } from '../lib/errors.js';
import { printable, printableJson } from '../lib/printable.js';
import { withoutSecrets } from '../lib/secret-shapes.js';
import { type Context, createContext, type Process, type SharedOptions } from './context.js';
import { HELP_FORMAT } from './help/format.js';
import { annotate, nameOf, sharedOptions, verbsOf } from './help/notes.js';

/** A verb's body: receives the context, its options and its arguments, and returns the exit code. */
export type Verb<Args extends readonly unknown[], Options> = (
  context: Context,
  options: Options,
  ...args: Args
) => Promise<number>;

/** A family of verbs adds itself to the program. */
export type Register = (program: Command, run: Runner) => void;

/** Turns a verb into commander's action. */
export type Runner = <Args extends readonly unknown[], Options>(
  verb: () => Promise<Verb<Args, Options>>,
) => (...args: unknown[]) => Promise<void>;

/**
 * Parses `argv`, runs one verb, and returns its exit code.
 * Verbs are imported on demand: a command loads only what it uses.
 */
export async function runProgram(
  argv: readonly string[],
  version: string,
  registers: readonly Register[],
  process: Process,
): Promise<number> {
  let code: number = EXIT.done;
  const run: Runner =
    (load) =>
    async (...raw) => {
      const command = raw.at(-1) as Command;
      const args = raw.slice(0, -2);
      const options = command.optsWithGlobals() as SharedOptions;
      const verb = await load();
      code = await verb(createContext(options, process), options as never, ...(args as never));
    };
  const program = createProgram(version, registers, run, process);
  try {
    await program.parseAsync(withHelpOption(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.done;
    // Commander has reported it on stderr.
    if (argv.includes('--json')) process.stdout.write(wrongCall(error.message));
    return EXIT.usage;
  }
  return code;
}

/** The program with all its commands, options and help texts. */
export function createProgram(
  version: string,
  registers: readonly Register[],
  run: Runner,
  { stdout, stderr }: Pick<Process, 'stdout' | 'stderr'>,
): Command {
  const program = new Command('clusterkit')
    .description('Creates, verifies, registers and removes self-hosted Prisma 1 clusters.')
    .version(version)
    .showHelpAfterError('(see clusterkit --help)')
    .showSuggestionAfterError()
    .exitOverride()
    .configureHelp(HELP_FORMAT)
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      // The wrong argument is part of the text.
      writeErr: (text) => void stderr.write(printable(withoutSecrets(text))),
    });
  for (const register of registers) register(program, run);
  for (const group of program.commands) group.showHelpAfterError(`(see ${nameOf(group)} --help)`);
  for (const verb of verbsOf(program)) {
    for (const option of sharedOptions()) verb.addOption(option);
    verb.exitOverride().showHelpAfterError(`(see ${nameOf(verb)} --help)`);
  }
  return annotate(program, {
    exits: {
      0: 'done',
      1: 'internal error: a defect of clusterkit',
      2: 'wrong arguments or wrong configuration',
      3: 'the environment fails: engine, network, server or disk',
      4: 'a finding: planned changes, or a problem that a check reports',
      '128 + n': 'signal n interrupted it; run the same command again',
    },
    examples: [
      'clusterkit up local',
      'clusterkit status',
      'clusterkit help cluster add',
      'clusterkit down local',
    ],
  });
}

/** `help cluster add` as `cluster add --help`: commander's own `help` takes one word only. */
const withHelpOption = (argv: readonly string[]): string[] =>
  argv[0] === 'help' && argv.length > 2 ? [...argv.slice(1), '--help'] : [...argv];

function wrongCall(message: string): string {
  const problems = [{ message: withoutSecrets(message.replace(/^error: /, '')) }];
  const error = { code: 'arguments-invalid', exitCode: EXIT.usage, problems };
  return `${printableJson({ error }, 2)}\n`;
}
