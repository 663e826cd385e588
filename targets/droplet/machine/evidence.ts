import { lastLines, type RemoteShell } from '../../../clients/ssh/remote-shell.js';
import { KitError } from '../../../lib/errors.js';

/** Adds the output of a command on the droplet to an error, if it succeeds. */
export async function withEvidence(
  error: unknown,
  shell: RemoteShell,
  argv: readonly string[],
): Promise<unknown> {
  if (!(error instanceof KitError)) return error;
  const said = await shell.run(argv, { timeoutMs: 10_000 }).catch(() => undefined);
  const text = lastLines(`${said?.stdout ?? ''}${said?.stderr ?? ''}`);
  if (text === '') return error;
  const problems = error.problems.map((problem) => ({
    ...problem,
    hint: `${problem.hint ?? ''}\nLast lines of its log:\n${text}`.trim(),
  }));
  return new KitError(error.code, error.exitCode, problems, { cause: error });
}
