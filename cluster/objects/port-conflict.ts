import { createServer } from 'node:net';
import type { Engine } from '../../clients/docker/connect.js';
import { listenerOf } from '../../clients/docker/listener.js';
import { environmentError } from '../../lib/errors.js';
import { retryUntil } from '../../lib/retry-until.js';
import { CONTAINER_ROLES, objectName } from '../names.js';

/** The port that a cluster needs. */
export interface PortRequest {
  readonly name: string;
  readonly port: number;
}

/** A starting server listens on its port a moment before the engine reports it: less than this. */
const STARTING_MS = 3000;

/**
 * Asserts that only the cluster itself listens on its port.
 * @throws KitError `port-taken` (exit 3), naming the owner when it can be determined
 */
export async function portConflict(engine: Engine, request: PortRequest): Promise<void> {
  const look = () => assertFree(engine, request);
  if (await mayBeStarting(engine, request)) await retryUntil(look, { timeoutMs: STARTING_MS });
  else await look();
}

async function mayBeStarting(engine: Engine, { name, port }: PortRequest): Promise<boolean> {
  const looks = CONTAINER_ROLES.map((role) =>
    engine
      .getContainer(objectName(name, role))
      .inspect()
      .catch(() => undefined),
  );
  return (await Promise.all(looks)).some((found) => {
    const bindings = Object.values<{ HostPort?: string }[] | null>(
      found?.HostConfig.PortBindings ?? {},
    );
    const isBound = bindings.flat().some((each) => each?.HostPort === String(port));
    return isBound && (found?.State.Restarting === true || found?.State.Running !== true);
  });
}

async function assertFree(engine: Engine, { name, port }: PortRequest): Promise<void> {
  const publishers = await engine.listContainers({ filters: { publish: [`${port}/tcp`] } });
  const holder = publishers.find(({ Ports }) =>
    Ports.some(({ PublicPort }) => PublicPort === port),
  );
  const holderName = holder?.Names[0]?.replace(/^\//, '');
  if (CONTAINER_ROLES.some((role) => holderName === objectName(name, role))) return;
  if (holderName === undefined && (await canListen(port))) return;
  const owner = holderName === undefined ? await listenerOf(port) : `container ${holderName}`;
  throw environmentError('port-taken', {
    path: `clusters.${name}.port`,
    message: `port ${port} is taken${owner === undefined ? '' : ` by ${owner}`}`,
    hint: `Stop it, or change clusters.${name}.port.`,
  });
}

/** Checks this machine only: a remote engine reports a conflict itself, later. */
function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
