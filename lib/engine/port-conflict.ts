import { createServer } from 'node:net';
import { objectName } from '../cluster-names.js';
import { environmentError } from '../errors.js';
import { retryUntil } from '../retry-until.js';
import type { Engine } from './connect.js';
import { listenerOf } from './listener.js';

/** The port that a cluster wants. */
export interface PortWish {
  readonly name: string;
  readonly port: number;
}

/** A server that just starts has its port before the engine says so; it lasts shorter than this. */
const STARTING_MS = 3000;

/**
 * Nothing but the cluster's own server listens on its port.
 * @throws KitError `port-taken` (exit 3), naming who has it when that can be found out
 */
export async function portConflict(engine: Engine, wish: PortWish): Promise<void> {
  const timeoutMs = (await mayBeStarting(engine, wish)) ? STARTING_MS : 0;
  await retryUntil(() => assertFree(engine, wish), { timeoutMs });
}

async function mayBeStarting(engine: Engine, { name, port }: PortWish): Promise<boolean> {
  const own = engine.getContainer(objectName(name, 'server'));
  const { State, HostConfig } = (await own.inspect().catch(() => undefined)) ?? {};
  const bindings = Object.values<{ HostPort?: string }[] | null>(HostConfig?.PortBindings ?? {});
  const isBound = bindings.flat().some((each) => each?.HostPort === String(port));
  return isBound && (State?.Restarting === true || State?.Running !== true);
}

async function assertFree(engine: Engine, { name, port }: PortWish): Promise<void> {
  const publishers = await engine.listContainers({ filters: { publish: [`${port}/tcp`] } });
  const holder = publishers.find(({ Ports }) =>
    Ports.some(({ PublicPort }) => PublicPort === port),
  );
  const holderName = holder?.Names[0]?.replace(/^\//, '');
  if (holderName === objectName(name, 'server')) return;
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
