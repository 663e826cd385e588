import { EXIT } from '../lib/errors.js';
import { printable, printableJson } from '../lib/printable.js';
import { withoutSecrets } from '../lib/secret-shapes.js';
import { asKitError } from '../lib/system-error.js';
import { withCall } from './kit-call.js';
import { NoAnswer } from './no-answer.js';

/** As of Ctrl-C: 128 + SIGINT. A question is never open without a person who can press it. */
const INTERRUPTED = 130;

/**
 * Reports an error on stderr, with `--json` also as an object on stdout, and returns the exit code.
 * Commands in its text are as the user calls the kit: `call`.
 * An unexpected error is a defect of the kit, and is printed with its stack.
 */
export function reportFailure(
  error: unknown,
  argv: readonly string[],
  interruptedWith: number | undefined,
  stdout: NodeJS.WritableStream,
  stderr: NodeJS.WritableStream,
  call = 'clusterkit',
): number {
  const fail = (
    text: string,
    error: { code: string; exitCode: number; problems: unknown },
    done: readonly unknown[] = [],
  ) => {
    stderr.write(`${withCall(text, call)}\n`);
    const outcome = { error, ...(done.length > 0 && { done }) };
    if (argv.includes('--json')) stdout.write(`${printableJson(outcome, 2)}\n`);
    return error.exitCode;
  };
  if (interruptedWith !== undefined) {
    const text = interruptedText(argv);
    return fail(text, { code: 'interrupted', exitCode: interruptedWith, problems: [] });
  }
  if (error instanceof NoAnswer) {
    return fail(error.message, { code: 'interrupted', exitCode: INTERRUPTED, problems: [] });
  }
  const known = asKitError(error);
  if (known !== undefined) {
    const { code, exitCode, problems, done } = known;
    return fail(`error: ${known.message}`, { code, exitCode, problems }, done);
  }
  const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
  const problems = [{ message: withoutSecrets(message) }];
  const found = { code: 'internal', exitCode: EXIT.internal, problems };
  return fail(printable(`internal error, please report it: ${withoutSecrets(stack)}`), found);
}

/** Applications serve as before when their command is interrupted: nobody should remove the cluster for that. */
function interruptedText(argv: readonly string[]): string {
  const [group, verb] = argv.filter((word) => !word.startsWith('-'));
  if (group !== 'app')
    return 'Interrupted. Run the same command again to go on, or `clusterkit down` to undo.';
  return verb === 'exec' ? 'Interrupted.' : 'Interrupted. Run the same command again to go on.';
}
