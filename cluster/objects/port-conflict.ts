import type { Engine } from '../../clients/docker/connect.js';
import { listenerOf } from '../../clients/docker/listener.js';
import { canListen } from '../../clients/docker/port-probe.js';
import { environmentError } from '../../lib/errors.js';
import { retryUntil } from '../../lib/retry-until.js';
import { CONTAINER_ROLES, objectName } from '../names.js';

/** The port that a cluster needs. */
export interface PortRequest {
  readonly name: string;
  readonly port: number;
  /** Address on which it is published. @default 127.0.0.1 */
  readonly bind?: string;
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
    // A container that runs may end and start again while we look.
    return bindings.flat().some((each) => each?.HostPort === String(port));
  });
}

async function assertFree(engine: Engine, { name, port, bind }: PortRequest): Promise<void> {
  const publishers = await engine.listContainers({ filters: { publish: [`${port}/tcp`] } });
  const holder = publishers.find(({ Ports }) =>
    Ports.some(({ PublicPort }) => PublicPort === port),
  );
  const holderName = holder?.Names[0]?.replace(/^\//, '');
  if (CONTAINER_ROLES.some((role) => holderName === objectName(name, role))) return;
  if (holderName === undefined && (await isFree(port, bind))) return;
  const owner = holderName === undefined ? await listenerOf(port) : `container ${holderName}`;
  throw environmentError('port-taken', {
    path: `clusters.${name}.port`,
    message: `port ${port} is taken${owner === undefined ? '' : ` by ${owner}`}`,
    hint: `Stop it, or change clusters.${name}.port.`,
  });
}

/**
 * Clients that connect to `localhost` come to either family, and so may meet another program than the server.
 * Checks this machine only: a remote engine reports a conflict itself, later.
 */
async function isFree(port: number, bind = '127.0.0.1'): Promise<boolean> {
  const hosts = new Set([bind, '127.0.0.1', '::1']);
  for (const host of hosts) if ((await canListen(port, host)) === 'taken') return false;
  return true;
}
