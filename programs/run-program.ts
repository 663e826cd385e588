import { type Log, reasonOf } from './log.js';

/** Runs a program in a container until SIGTERM or SIGINT; exits with 1 when it cannot start. */
export async function runProgram(
  log: Log,
  start: () => Promise<{ stop(): Promise<void> }>,
): Promise<void> {
  let running: Awaited<ReturnType<typeof start>> | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log(`${signal}: stopping`);
      const stopped = running?.stop() ?? Promise.resolve();
      stopped.finally(() => process.exit(0));
    });
  }
  try {
    running = await start();
  } catch (error) {
    log(`cannot start: ${reasonOf(error)}`);
    process.exit(1);
  }
}

/** The user `nobody`, who owns nothing. */
const UNPRIVILEGED_ID = 65_534;

/** Continues as `nobody`, once the program has read what only root may read. */
export function dropPrivileges({ getuid, setgroups, setgid, setuid }: NodeJS.Process): void {
  if (getuid?.() !== 0) return;
  setgroups?.([]);
  setgid?.(UNPRIVILEGED_ID);
  setuid?.(UNPRIVILEGED_ID);
}
