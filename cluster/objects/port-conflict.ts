import type { Engine } from '../../clients/docker/connect.js';
import { listenerOf } from '../../clients/docker/listener.js';
import { canListen } from '../../clients/docker/port-probe.js';
import { environmentError } from '../../lib/errors.js';
import { retryUntil } from '../../lib/retry-until.js';
import { CONTAINER_ROLES, LABEL, objectName } from '../names.js';

/** A port that a cluster needs. */
export interface PortRequest {
  readonly name: string;
  readonly port: number;
  /** Address on which it is published. @default 127.0.0.1 */
  readonly bind?: string;
  /** Name of the application that publishes it. @default - the server does */
  readonly app?: string;
}

/** A starting server listens on its port a moment before the engine reports it: less than this. */
const STARTING_MS = 3000;

/**
 * Asserts that only the cluster itself listens on its port. The server of a cluster has its port before the
 * edge: one that the edge still has is taken for the server, but not the other way round.
 * @throws KitError `port-taken` (exit 3), naming the owner when it can be determined
 */
export async function portConflict(engine: Engine, request: PortRequest): Promise<void> {
  const look = () => assertFree(engine, request);
  if (await mayBeStarting(engine, request)) await retryUntil(look, { timeoutMs: STARTING_MS });
  else await look();
}

async function mayBeStarting(engine: Engine, request: PortRequest): Promise<boolean> {
  const { port } = request;
  const looks = (await holdersOf(engine, request)).map((holder) =>
    engine
      .getContainer(holder)
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

/** Names of the cluster's own containers that may have the port. */
async function holdersOf(
  engine: Engine,
  { name, app }: Pick<PortRequest, 'name' | 'app'>,
): Promise<readonly string[]> {
  const own = CONTAINER_ROLES.map((role) => objectName(name, role));
  if (app === undefined) return own;
  const label = [`${LABEL.cluster}=${name}`, `${LABEL.role}=edge`];
  const edges = await engine.listContainers({ all: true, filters: { label } });
  return [...own, ...edges.flatMap(({ Names }) => Names.map(withoutSlash))];
}

const withoutSlash = (name: string) => name.replace(/^\//, '');

async function assertFree(engine: Engine, request: PortRequest): Promise<void> {
  const { name, port, bind, app } = request;
  const holderName = await publisherOf(engine, port);
  if (holderName !== undefined && (await holdersOf(engine, request)).includes(holderName)) return;
  if (holderName === undefined && (await isFree(port, bind))) return;
  const owner = holderName === undefined ? await listenerOf(port) : `container ${holderName}`;
  const path = app === undefined ? `clusters.${name}.port` : `clusters.${name}.apps.${app}.port`;
  throw portTaken(path, port, owner);
}

/** Name of the running container that publishes a port. */
export async function publisherOf(engine: Engine, port: number): Promise<string | undefined> {
  const publishers = await engine.listContainers({ filters: { publish: [`${port}/tcp`] } });
  const holder = publishers.find(({ Ports }) =>
    Ports.some(({ PublicPort }) => PublicPort === port),
  );
  return holder?.Names[0] && withoutSlash(holder.Names[0]);
}

/** @param setting that names the port */
export const portTaken = (
  setting: string,
  port: number,
  owner: string | undefined,
  cause?: unknown,
) =>
  environmentError('port-taken', {
    path: setting,
    message: `port ${port} is taken${owner === undefined ? '' : ` by ${owner}`}`,
    hint: `Stop it, or change ${setting}.`,
    cause,
  });

/**
 * Clients that connect to `localhost` come to either family, and so may meet another program than the server.
 * Checks this machine only: a remote engine reports a conflict itself, later.
 */
async function isFree(port: number, bind = '127.0.0.1'): Promise<boolean> {
  const hosts = new Set([bind, '127.0.0.1', '::1']);
  for (const host of hosts) if ((await canListen(port, host)) === 'taken') return false;
  return true;
}
