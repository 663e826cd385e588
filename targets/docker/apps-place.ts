import { DEFAULT_SOCKET, socketPathOf } from '../../clients/docker/address/parse-host.js';
import type { ClusterContext } from '../context.js';
import type { AppsPlace } from '../target.js';
import type { DockerSettings } from './settings.js';

/** Applications run on the engine of the command, and are published where the server is. */
export async function appsPlace(
  { address, bind }: DockerSettings,
  context: Pick<ClusterContext, 'engineAddress'>,
): Promise<AppsPlace> {
  const { host } = await context.engineAddress();
  return { publishIp: bind, address, engineSocket: engineSocketOf(host), engine: 'here' };
}

/** Sockets of engines in a virtual machine of their own: Docker Desktop, OrbStack, Rancher Desktop, Lima, Colima. */
const OF_MACHINES = /\/\.(docker|orbstack|rd|lima)\/|\/\.?colima\//;

/**
 * The engine's socket on its own machine. An engine in a virtual machine has it at the usual place; so has one behind
 * TCP or ssh. Rootless engines have it where commands find it.
 */
export function engineSocketOf(host: string, platform = process.platform): string {
  if (!host.startsWith('unix:') || platform !== 'linux') return DEFAULT_SOCKET;
  const path = socketPathOf(host);
  return OF_MACHINES.test(path) ? DEFAULT_SOCKET : path;
}
