import type Docker from 'dockerode';
import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { logTail, whyStopped } from '../../clients/docker/container-log.js';
import { runInContainer } from '../../clients/docker/run-in-container.js';
import { environmentError } from '../../lib/errors.js';
import { retryUntil } from '../../lib/retry-until.js';
import { POOL_USER } from './pool-container.js';
import { CONSOLE_DIRECTORY, POOL_PORT } from './render-pool.js';

/** pgbouncer reads its files in milliseconds. */
const START_MS = 30_000;

/** One row of the console's answer, by the names of its columns. */
export type ConsoleRow = Readonly<Record<string, string>>;

/**
 * Sends a command to the pool's console, such as `show pools`. The socket is in the container, and answers its own user
 * only.
 * @throws Error with its words when it refuses
 */
export async function askConsole(
  container: Docker.Container,
  command: string,
): Promise<ConsoleRow[]> {
  const argv = [
    ...['psql', '--no-psqlrc', '-qA', '-F', '\t', '-P', 'footer=off'],
    ...['-h', CONSOLE_DIRECTORY, '-p', String(POOL_PORT), '-U', 'pgbouncer', '-c', command],
  ];
  const { exitCode, output } = await runInContainer(container, argv, String(POOL_USER));
  if (exitCode !== 0) throw new Error(output || `psql ended with exit code ${exitCode}`);
  const [head = '', ...lines] = output.split('\n');
  const columns = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? '']));
  });
}

/** Lets the pool read its files again; waits until a new one answers. @throws KitError `pool-not-ready` (exit 3) */
export async function reloadPool(
  engine: Engine,
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  const container = engine.getContainer(name);
  try {
    await retryUntil(() => askConsole(container, 'reload'), { timeoutMs: START_MS, signal });
  } catch (cause) {
    signal?.throwIfAborted();
    const why = (await whyStopped(container)) ?? (cause as Error).message;
    throw environmentError('pool-not-ready', {
      path: name,
      message: `the pool of connections does not answer: ${why}`,
      hint: `Last lines of its log:\n${await logTail(container)}`,
      cause,
    });
  }
}

/** Connections that the pool has to the database, by role; `undefined`: there is no pool that answers. */
export async function pooledConnections(
  container: Docker.Container,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { user } of await askConsole(container, 'show servers')) {
    if (user !== undefined) counts.set(user, (counts.get(user) ?? 0) + 1);
  }
  return counts;
}

/** Is an error of the engine's API that a container is absent or not running? */
export const isNotRunning = (error: unknown) => [404, 409].includes(statusOf(error) ?? 0);
