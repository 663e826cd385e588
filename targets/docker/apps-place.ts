import { DEFAULT_SOCKET, isSocket, socketPathOf } from '../../clients/docker/address/parse-host.js';
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

/**
 * The engine's socket on its own machine. Docker Desktop's engine is in a virtual machine, where its socket has the
 * usual place; so has that of an engine behind TCP or ssh.
 */
export function engineSocketOf(host: string): string {
  if (!isSocket(host) || process.platform !== 'linux') return DEFAULT_SOCKET;
  const path = socketPathOf(host);
  return /\/\.docker\/desktop\//.test(path) ? DEFAULT_SOCKET : path;
}
