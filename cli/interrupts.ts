import { constants } from 'node:os';

/** Ctrl-C and SIGTERM as an abort signal. */
export interface Interrupts {
  readonly signal: AbortSignal;
  /** The conventional exit code (128 + number) of the signal that came, if one did. */
  received(): number | undefined;
  stop(): void;
}

/**
 * The first SIGINT, SIGTERM or SIGHUP aborts `signal`, so that the running step can end in order;
 * from the second on the process dies at once.
 */
export function watchInterrupts(world: NodeJS.Process): Interrupts {
  const controller = new AbortController();
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let code: number | undefined;
  const onSignal = (name: NodeJS.Signals) => {
    if (code !== undefined) world.exit(code);
    code = 128 + constants.signals[name];
    controller.abort(new Error(`interrupted by ${name}`));
  };
  for (const name of names) world.on(name, onSignal);
  return {
    signal: controller.signal,
    received: () => code,
    stop: () => {
      for (const name of names) world.off(name, onSignal);
    },
  };
}
