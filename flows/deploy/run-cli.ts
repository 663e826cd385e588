import { constants } from 'node:os';
import { execa } from 'execa';
import { environmentError } from '../../lib/errors.js';
import type { LendSignals } from '../../lib/handover/run-command.js';

/** One call of a Prisma CLI. */
export interface CliCall {
  readonly path: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The terminal and the signals of this process. */
export interface CliStage {
  /** The keyboard is a terminal. CLIs wait for ever on any other open stdin. */
  readonly isTerminal: boolean;
  /** stdout is for something else: the CLI's goes to stderr. */
  readonly keepStdout: boolean;
  readonly lendSignals: LendSignals;
  /** Files that the CLI writes are the user's own. */
  readonly umask: number;
}

/** How the CLI ended. */
export interface CliEnd {
  /** Its own; 128 + number when a signal ended it. */
  readonly exitCode: number;
  /** What somebody sent to us meanwhile, such as `SIGINT`. */
  readonly interruptedBy: NodeJS.Signals | undefined;
}

/** A terminal sends Ctrl-C to the CLI as well; if not, it gets it from us after this long. */
const FORWARD_AFTER_MS = 1000;

/**
 * Runs the CLI with its output streamed unchanged. @throws KitError `cli-failed-to-start` (exit 3)
 */
export async function runCli(call: CliCall, stage: CliStage): Promise<CliEnd> {
  const ownUmask = process.umask(stage.umask);
  const child = start(call, stage);
  process.umask(ownUmask);
  let interruptedBy: NodeJS.Signals | undefined;
  let timer: NodeJS.Timeout | undefined;
  const takeBack = stage.lendSignals((signal) => {
    const again = interruptedBy !== undefined;
    interruptedBy ??= signal;
    if (again) child.kill('SIGKILL');
    else if (signal !== 'SIGINT' || !stage.isTerminal) child.kill(signal);
    else timer = setTimeout(() => child.kill(signal), FORWARD_AFTER_MS);
  });
  try {
    const { exitCode, signal, failed, shortMessage, cause } = await child;
    if (exitCode === undefined && signal === undefined && failed) {
      throw environmentError(
        'cli-failed-to-start',
        { path: call.path, message: `it cannot be started: ${shortMessage}` },
        cause,
      );
    }
    return {
      exitCode: exitCode ?? (signal === undefined ? 1 : 128 + constants.signals[signal]),
      interruptedBy,
    };
  } finally {
    clearTimeout(timer);
    takeBack();
  }
}

const start = ({ path, argv, cwd, env }: CliCall, { isTerminal, keepStdout }: CliStage) =>
  execa(path, [...argv], {
    cwd,
    env,
    extendEnv: false,
    stdin: isTerminal ? 'inherit' : 'ignore',
    stdout: keepStdout ? 2 : 'inherit',
    stderr: 'inherit',
    buffer: false,
    reject: false,
  });
