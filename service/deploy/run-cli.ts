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
  /** Ends the CLI. @default - it ends by itself */
  readonly end?: AbortSignal | undefined;
}

/** The terminal and the signals of this process. */
export interface CliStage {
  /** Stdin is a terminal. CLIs hang on any other stdin that is open. */
  readonly isTerminal: boolean;
  /** Send the CLI's stdout to stderr. */
  readonly keepStdout: boolean;
  readonly lendSignals: LendSignals;
  readonly platform: NodeJS.Platform;
  /** The user's umask, for files that the CLI writes. */
  readonly umask: number;
}

/** How the CLI ended. */
export interface CliEnd {
  /** Exit code of the CLI; 128 + number when a signal ended it. */
  readonly exitCode: number;
  /** The first signal that this process received meanwhile, such as `SIGINT`. */
  readonly interruptedBy: NodeJS.Signals | undefined;
}

/** A terminal sends Ctrl-C to the CLI as well. If the CLI still runs after this time, we forward it. */
const FORWARD_AFTER_MS = 1000;
/** Time that a CLI has to end when we end it. */
const KILL_AFTER_MS = 5000;

/**
 * Runs the CLI, and streams its output unchanged. @throws KitError `cli-failed-to-start` (exit 3)
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
      // All processes have ended.
    }
  };
  const end = () => {
    send('SIGTERM');
    timer = setTimeout(() => send('SIGKILL'), KILL_AFTER_MS);
  };
  call.end?.addEventListener('abort', end, { once: true });
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
      throw environmentError('cli-failed-to-start', {
        path: call.path,
        message: `cannot start it: ${shortMessage}`,
        cause,
      });
    }
    return {
      exitCode: exitCode ?? (signal === undefined ? 1 : 128 + constants.signals[signal]),
      interruptedBy,
    };
  } finally {
    clearTimeout(timer);
    call.end?.removeEventListener('abort', end);
    takeBack();
  }
}

/**
 * Without a terminal, the CLI gets a process group of its own, so that signals also reach a CLI behind a
 * wrapper script. On a terminal it must share our group, because Ctrl-C goes to the foreground group.
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
