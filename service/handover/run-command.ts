import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Passes the signals of this process to a handler until the returned function is called. */
export type LendSignals = (to: (signal: NodeJS.Signals) => void) => () => void;

/** Exit code, as shells report it. */
export type CommandEnd =
  | { readonly exitCode: number }
  | { readonly exitCode: 126 | 127; readonly why: string };

/**
 * Runs a program with the standard streams of this process, without a shell. Forwards signals to it. The
 * result is its exit code: 128 + number after a signal, 127 when the program does not exist, 126 when it
 * cannot be run.
 */
export function runCommand(call: {
  readonly command: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly lendSignals: LendSignals;
  /** Umask of the program. */
  readonly umask: number;
  /** Stdin is a terminal, which sends Ctrl-C to all processes itself. */
  readonly onTerminal: boolean;
}): Promise<CommandEnd> {
  const { command, argv, cwd, env, umask, lendSignals, onTerminal } = call;
  return new Promise((resolve) => {
    let child: ChildProcess | undefined;
    // Before the program starts, because a signal may arrive at any moment.
    const takeBack = lendSignals((signal) => {
      const isDoubled = onTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT');
      if (!isDoubled) child?.kill(signal);
    });
    const end = (how: CommandEnd) => {
      takeBack();
      resolve(how);
    };
    const ownUmask = process.umask(umask);
    try {
      child = spawn(command, argv, { cwd, env: { ...env }, stdio: 'inherit', shell: false });
    } catch (error) {
      end(failure(error));
      return;
    } finally {
      process.umask(ownUmask);
    }
    child.once('error', (error) => end(failure(error)));
    child.once('exit', (code, signal) =>
      end({ exitCode: signal === null ? (code ?? 1) : 128 + constants.signals[signal] }),
    );
  });
}

function failure(error: unknown): CommandEnd {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT'
    ? { exitCode: 127, why: 'there is no such program' }
    : { exitCode: 126, why: code === 'EACCES' ? 'it is not executable' : message };
}
