import { createServer } from 'node:net';
import type { Engine } from '../../clients/docker/connect.js';
import { listenerOf } from '../../clients/docker/listener.js';
import { environmentError } from '../../lib/errors.js';
import { retryUntil } from '../../lib/retry-until.js';
import { CONTAINER_ROLES, objectName } from '../names.js';

/** The port that a cluster wants. */
export interface PortWish {
  readonly name: string;
  readonly port: number;
}

/** A server that just starts has its port before the engine says so; it lasts shorter than this. */
const STARTING_MS = 3000;

/**
 * Nothing but the cluster itself listens on its port.
 * @throws KitError `port-taken` (exit 3), naming who has it when that can be found out
 */
export async function portConflict(engine: Engine, wish: PortWish): Promise<void> {
  const timeoutMs = (await mayBeStarting(engine, wish)) ? STARTING_MS : 0;
  await retryUntil(() => assertFree(engine, wish), { timeoutMs });
}

async function mayBeStarting(engine: Engine, { name, port }: PortWish): Promise<boolean> {
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

async function assertFree(engine: Engine, { name, port }: PortWish): Promise<void> {
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
    hint: `Stop that, or give clusters.${name}.port another number.`,
  });
}

/** Only this machine is asked: a remote engine refuses by itself, later. */
function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
