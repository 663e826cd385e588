import { setMaxListeners } from 'node:events';
import { constants } from 'node:os';

/** Further signals for another program. Without a listener they end this process, or start a debugger. */
const LENT_TOO = ['SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/** Ctrl-C and SIGTERM as an abort signal. */
export interface Interrupts {
  readonly signal: AbortSignal;
  /** The conventional exit code (128 + number) of the received signal, if any. */
  received(): number | undefined;
  /**
   * Passes all signals to `to` until the returned function is called, also SIGQUIT, SIGUSR1 and SIGUSR2:
   * for verbs that run another program.
   */
  lend(to: (name: NodeJS.Signals) => void): () => void;
  stop(): void;
}

/**
 * The first SIGINT, SIGTERM or SIGHUP aborts `signal`, so that the running step can end in order. The
 * second one ends the process at once.
 */
export function watchInterrupts(process: NodeJS.Process): Interrupts {
  const controller = new AbortController();
  // Every step and every request of a command listens; Node would warn of a leak on stderr.
  setMaxListeners(0, controller.signal);
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let code: number | undefined;
  let borrower: ((name: NodeJS.Signals) => void) | undefined;
  const onSignal = (name: NodeJS.Signals) => {
    if (borrower !== undefined) return borrower(name);
    if (code !== undefined) process.exit(code);
    code = 128 + constants.signals[name];
    controller.abort(new Error(`interrupted by ${name}`));
  };
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    received: () => code,
    lend: (to) => {
      borrower = to;
      for (const name of LENT_TOO) process.on(name, to);
      return () => {
        borrower = undefined;
        for (const name of LENT_TOO) process.off(name, to);
      };
    },
    stop: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
