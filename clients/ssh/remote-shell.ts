import { environmentError } from '../../lib/errors.js';

/** Options of one command. */
export interface RemoteRun {
  /** Sent to its standard input. @default - none */
  readonly input?: string;
  /** @default 60000 */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Result of a command on another machine. */
export interface RemoteResult {
  /** -1 when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A machine on which the kit runs commands as root. */
export interface RemoteShell {
  /** Host, or host:port, for messages. */
  readonly address: string;
  /** @throws KitError `ssh-lost` (exit 3) when the connection ends, or the time is up, first */
  run(argv: readonly string[], options?: RemoteRun): Promise<RemoteResult>;
}

/** One step on another machine that must succeed. */
export interface RemoteStep extends RemoteRun {
  /** Names the step in messages, such as `mounting the volume`. */
  readonly what: string;
  /** A POSIX shell script. */
  readonly script: string;
  /** Arguments from `$1` on. @default - none */
  readonly args?: readonly string[];
}

/**
 * Runs a script and returns its standard output.
 * @throws KitError `droplet-step-failed` (exit 3) with the last lines of its output
 */
export async function runStep(shell: RemoteShell, step: RemoteStep): Promise<string> {
  const { what, script, args = [], ...options } = step;
  const { exitCode, stdout, stderr } = await shell.run(
    ['sh', '-euc', script, 'sh', ...args],
    options,
  );
  if (exitCode === 0) return stdout.trim();
  throw environmentError('droplet-step-failed', {
    path: shell.address,
    message: `${what} failed with exit code ${exitCode}`,
    hint: `It wrote:\n${lastLines(`${stdout}${stderr}`) || '(nothing)'}`,
  });
}

/** The last 20 lines of a text. */
export const lastLines = (text: string) => text.trimEnd().split('\n').slice(-20).join('\n');
