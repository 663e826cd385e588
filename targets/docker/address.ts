import { isIP } from 'node:net';
import type { ClusterEntry } from '../../cluster/settings/entry.js';
import type { Problem } from '../../lib/errors.js';

/** Where a port is published and reached that nobody else should reach. */
export const LOOPBACK = '127.0.0.1';

/** The settings of a published port. */
export interface Publication {
  readonly address: string;
  readonly bind: string;
  readonly port: number;
}

/**
 * Where clients reach a server; the host of its registry entry. An address, and never the name `localhost`,
 * which may lead to what somebody else runs at `[::1]`.
 */
export const endpointOf = ({ address, port }: Pick<Publication, 'address' | 'port'>): string =>
  `http://${isIP(address) === 6 ? `[${address}]` : address}:${port}`;

/** The endpoint that versions before registered for the same published port. @default - the same */
export const formerEndpointOf = ({ address, port }: Omit<Publication, 'bind'>) =>
  address === LOOPBACK ? `http://localhost:${port}` : undefined;

/** Does only the machine itself reach such an address? */
export const isLoopback = (address: string): boolean =>
  address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));

/** All addresses of a machine. */
export const isWildcard = (address: string): boolean => /^(0\.0\.0\.0|[0:]+)$/.test(address);

type Given = Pick<ClusterEntry, 'address' | 'bind'>;

/** The address that a port is published on. */
export const bindOf = ({ address = LOOPBACK, bind }: Given): string => bind ?? address;

/** Addresses that cannot work. @param path of the cluster, such as `clusters.local` */
export function addressProblems(path: string, { address = LOOPBACK, bind }: Given): Problem[] {
  if (address.toLowerCase() === 'localhost') {
    return [
      {
        path: `${path}.address`,
        message: 'is localhost, which may lead to another program at [::1]',
        hint: `Set ${LOOPBACK}, which is the default.`,
      },
    ];
  }
  if (isWildcard(address)) {
    return [
      {
        path: `${path}.address`,
        message: `is ${address}, to which nobody can connect`,
        hint: `Set the address by which clients reach the server, and bind: ${address}.`,
      },
    ];
  }
  if (bind === undefined) {
    if (isIP(address) > 0) return [];
    return [
      {
        path: `${path}.bind`,
        message: `is missing; address is a name (${address})`,
        hint: 'Set the IP address on which the engine publishes the port, or 0.0.0.0 for all.',
      },
    ];
  }
  if (isLoopback(bind) !== isLoopback(address) && !isWildcard(bind) && isIP(address) > 0) {
    return [
      {
        path: `${path}.bind`,
        message: `is ${bind}, where ${address} does not lead`,
        hint: 'Set the same address, or 0.0.0.0 for all.',
      },
    ];
  }
  return [];
}

/** What the user should know about a port that others reach. */
export function reachWarnings({ bind, address, port }: Publication): string[] {
  if (isLoopback(bind)) return [];
  const where = isWildcard(bind) ? 'all addresses of the engine’s machine' : bind;
  return [
    `port ${port} is published on ${where}: everybody who reaches it reaches the server, and reads what clients send, because http has no encryption. The server refuses requests without the cluster’s key, but services without a secret are open. Clients use ${endpointOf({ address, port })}.`,
  ];
}
