import { environmentError } from '../../lib/errors.js';

/** How one command differs from the usual. */
export interface RemoteRun {
  /** Handed to its standard input. @default - none */
  readonly input?: string;
  /** @default 60000 */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a command on another machine gave. */
export interface RemoteResult {
  /** -1 when it was ended by a signal. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A machine whose commands we run as root. */
export interface RemoteShell {
  /** For people: host, or host:port. */
  readonly address: string;
  /** @throws KitError `ssh-lost` (exit 3) when the connection ends or time is up before it does */
  run(argv: readonly string[], options?: RemoteRun): Promise<RemoteResult>;
}

/** One step on another machine that must go well. */
export interface RemoteStep extends RemoteRun {
  /** Says what is done, such as `mounting the volume`. */
  readonly what: string;
  /** A POSIX shell script. */
  readonly script: string;
  /** Its `$1` and on. @default - none */
  readonly args?: readonly string[];
}

/**
 * Runs a script and gives what it wrote to its standard output.
 * @throws KitError `droplet-step-failed` (exit 3) with the last lines of what it wrote
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
