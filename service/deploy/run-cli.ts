import { constants } from 'node:os';
import { execa } from 'execa';
import { environmentError } from '../../lib/errors.js';
import type { LendSignals } from '../handover/run-command.js';

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
  readonly platform: NodeJS.Platform;
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
  const send = (signal: NodeJS.Signals) => {
    if (!hasOwnGroup(stage) || child.pid === undefined) return void child.kill(signal);
    try {
      process.kill(-child.pid, signal);
    } catch {
      // All of them have ended.
    }
  };
  const takeBack = stage.lendSignals((signal) => {
    const again = interruptedBy !== undefined;
    interruptedBy ??= signal;
    if (again) send('SIGKILL');
    else if (signal !== 'SIGINT' || !stage.isTerminal) send(signal);
    else timer = setTimeout(() => send(signal), FORWARD_AFTER_MS);
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

/**
 * Without a terminal, signals go to all of the CLI's processes: one behind a wrapper script would
 * otherwise miss them, and go on. With one, the keyboard's go to its group, which has to be ours.
 */
const hasOwnGroup = ({ isTerminal, platform }: CliStage) => !isTerminal && platform !== 'win32';

const start = ({ path, argv, cwd, env }: CliCall, stage: CliStage) =>
  execa(path, [...argv], {
    cwd,
    env,
    detached: hasOwnGroup(stage),
    extendEnv: false,
    stdin: stage.isTerminal ? 'inherit' : 'ignore',
    stdout: stage.keepStdout ? 2 : 'inherit',
    stderr: 'inherit',
    buffer: false,
    reject: false,
  });
