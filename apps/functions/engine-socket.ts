import type { EngineAddress } from '../../clients/docker/address/engine-address.js';
import { DEFAULT_SOCKET, isSocket, socketPathOf } from '../../clients/docker/address/parse-host.js';

/** Sockets of engines in a virtual machine of their own, in which the path is docker's default. */
const OF_MACHINES = /\/\.(docker|orbstack|rd|lima)\/|\/\.?colima\//;

/**
 * Path of the engine's socket on the machine on which it runs, for the waker to mount. An engine on this machine
 * has the socket that commands use, rootless ones as well; one behind tcp, ssh or in a virtual machine has docker's
 * default.
 */
export function engineSocketPath(
  { host }: Pick<EngineAddress, 'host'>,
  platform: NodeJS.Platform = process.platform,
): string {
  const isHere = isSocket(host) && host.startsWith('unix:') && platform === 'linux';
  const path = isHere ? socketPathOf(host) : DEFAULT_SOCKET;
  return OF_MACHINES.test(path) ? DEFAULT_SOCKET : path;
}
