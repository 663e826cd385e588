import { connect } from 'node:net';
import type { Engine } from '../../clients/docker/connect.js';
import { listenerOf } from '../../clients/docker/listener.js';
import type { ClusterObject } from '../../cluster/objects/cluster-objects.js';
import { environmentError, hasCode, type Problem } from '../../lib/errors.js';
import { isLoopback } from './address.js';
import type { DockerSettings } from './settings.js';

/** A published port that does not lead to its container, which runs. */
export interface LostPort {
  readonly container: string;
  readonly role: 'gateway' | 'server';
  /** `process <pid> (<command>)`. @default - nothing listens */
  readonly takenBy?: string;
}

/** What brings published ports to containers: of Docker, rootless engines, Podman, virtual machines. */
const FORWARDERS =
  /docker|rootless|slirp|pasta|passt|conmon|podman|netavark|containerd|ssh|lima|colima|gvproxy|OrbStack|vpnkit|wslrelay/i;

/**
 * The cluster's port where the engine says that it is published and nothing, or another program, answers:
 * the engine's forwarder has ended.
 */
export async function findLostPort(
  { port, address, gateway }: Pick<DockerSettings, 'port' | 'address' | 'gateway'>,
  engine: Engine,
  own: readonly ClusterObject[],
): Promise<LostPort | undefined> {
  const role = gateway ? 'gateway' : 'server';
  const isIt = (each: ClusterObject) => each.kind === 'container' && each.role === role;
  const container = own.find(isIt);
  if (container?.state !== 'running' || !isLoopback(address)) return undefined;
  const found = await engine
    .getContainer(container.id)
    .inspect()
    .catch(() => undefined);
  const ports = Object.values(found?.NetworkSettings.Ports ?? {}).flatMap((each) => each ?? []);
  const isPublished = ports.some(({ HostPort }) => HostPort === String(port));
  if (!isPublished || found?.State.Running !== true) return undefined;
  const lost = { container: container.id, role } as const;
  if (!(await answers(address, port))) return lost;
  const takenBy = await listenerOf(port, address);
  return takenBy === undefined || FORWARDERS.test(takenBy) ? undefined : { ...lost, takenBy };
}

/** How the loss is reported, and what mends it. */
export function lostPortProblem(
  { name, port, address }: Pick<DockerSettings, 'name' | 'port' | 'address'>,
  { role, takenBy }: LostPort,
): Problem {
  const path = `clusters.${name}.port`;
  const runs = `the ${role} runs, and the engine publishes port ${port}`;
  return takenBy === undefined
    ? {
        path,
        message: `${runs}, but nothing listens at ${address}:${port}`,
        hint: `The engine's forwarder has ended. Run \`clusterkit up ${name}\`, which starts the ${role} again.`,
      }
    : {
        path,
        message: `${runs}, but ${takenBy} listens at ${address}:${port}`,
        hint: `Stop it, and run \`clusterkit up ${name}\`, which starts the ${role} again.`,
      };
}

/** Starts the container again: the engine publishes its port anew. @throws KitError `port-taken` (exit 3) */
export async function mendLostPort(
  settings: Pick<DockerSettings, 'name' | 'port' | 'address'>,
  engine: Engine,
  lost: LostPort,
): Promise<void> {
  if (lost.takenBy !== undefined) {
    throw environmentError('port-taken', [lostPortProblem(settings, lost)]);
  }
  await engine.getContainer(lost.container).restart();
}

const CONNECT_MS = 3000;

/** Only a refusal shows that nobody listens; a busy machine may be slow. */
function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(true));
    socket.once('error', (error) => end(!hasCode(error, 'ECONNREFUSED')));
  });
}
