import type { Engine } from '../../clients/docker/connect.js';
import { listenerOf } from '../../clients/docker/listener.js';
import { removeContainer } from '../../clients/docker/remove-container.js';
import { portTaken, publisherOf } from '../../cluster/objects/port-conflict.js';

/** The engine's messages: another container publishes the port, or a program listens on it. */
const TAKEN = /:(\d+)(?: failed)?: (?:port is already allocated|.*address already in use)/;

/**
 * The error of an edge that could not be started, as the user should see it. When a port was taken, the container
 * goes: it would never start.
 *
 * @returns KitError `port-taken` (exit 3), or the error itself
 */
export async function explainTaken(
  engine: Engine,
  cluster: string,
  edge: string,
  error: unknown,
): Promise<unknown> {
  const found = TAKEN.exec(error instanceof Error ? error.message : '');
  if (found === null) return error;
  const port = Number(found[1]);
  await removeContainer(engine, edge);
  const publisher = await publisherOf(engine, port);
  // The table of this machine: an engine elsewhere has others, and then nobody is named.
  const owner = publisher === undefined ? await listenerOf(port) : `container ${publisher}`;
  return portTaken(`clusters.${cluster}.apps`, port, owner, error);
}
