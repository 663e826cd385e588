import { type LogEnd, readLog } from '../clients/docker/read-log.js';
import type { LogPiece, LogRange } from '../targets/common/logs.js';
import type { Machine } from '../targets/machine.js';

/** A container on its machine. */
export interface LoggedContainer {
  readonly machine: Pick<Machine, 'engine'>;
  readonly name: string;
}

/**
 * Reads the logs of some containers at once. Of several, the sources are `NAME.1`, `NAME.2`, …
 * @returns how the first ended that did not end by itself
 * @throws KitError of {@link readLog}
 */
export async function readLogs(
  containers: readonly LoggedContainer[],
  { log, ...range }: LogRange & { readonly log: string },
  write: (piece: LogPiece) => Promise<void>,
  signal: AbortSignal,
): Promise<LogEnd> {
  const ends = await Promise.all(
    containers.map(({ machine, name }, index) => {
      const source = containers.length > 1 ? `${log}.${index + 1}` : log;
      const pass: Parameters<typeof readLog>[3] = (frame) => write({ source, ...frame });
      return readLog(machine.engine, name, range, pass, signal);
    }),
  );
  return ends.find((end) => end !== 'complete') ?? 'complete';
}
