import { createServer } from 'node:net';
import { objectName } from '../cluster-names.js';
import { environmentError } from '../errors.js';
import type { Engine } from './connect.js';
import { listenerOf } from './listener.js';

/** The port that a cluster wants. */
export interface PortWish {
  readonly name: string;
  readonly port: number;
}

/**
 * Nothing but the cluster's own server listens on its port.
 * @throws KitError `port-taken` (exit 3), naming who has it when that can be found out
 */
export async function portConflict(engine: Engine, { name, port }: PortWish): Promise<void> {
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
