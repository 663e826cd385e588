import { EXIT, KitError } from '../lib/errors.js';

/**
 * Reports an error on stderr, with `--json` also as an object on stdout, and returns the exit code.
 * An unexpected error is a defect of the kit, and is printed with its stack.
 */
export function reportFailure(
  error: unknown,
  argv: readonly string[],
  interruptedWith: number | undefined,
  stdout: NodeJS.WritableStream,
  stderr: NodeJS.WritableStream,
): number {
  const wantsJson = argv.includes('--json');
  const fail = (
    code: string,
    exitCode: number,
    text: string,
    problems: unknown,
    done: readonly unknown[] = [],
  ) => {
    stderr.write(`${text}\n`);
    const outcome = { error: { code, exitCode, problems }, ...(done.length > 0 && { done }) };
    if (wantsJson) stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
    return exitCode;
  };
  if (interruptedWith !== undefined) {
    const text = 'Interrupted. Run the same command again to go on, or `clusterkit down` to undo.';
    return fail('interrupted', interruptedWith, text, []);
  }
  if (error instanceof KitError) {
    const { code, exitCode, problems, done } = error;
    return fail(code, exitCode, `error: ${error.message}`, problems, done);
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return fail('internal', EXIT.internal, `internal error, please report it: ${stack}`, [
    { message: error instanceof Error ? error.message : String(error) },
  ]);
}
