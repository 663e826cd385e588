import { RELAY_CONNECTIONS } from '../configuration/relay-container.js';

/** Beside those of the server: for migrations, the gateway's measurements and the health check. */
export const SPARE_CONNECTIONS = 20;

/** What a relay gets for the connections that a server opens. */
export interface RelayMemory {
  /** Maximum number of its clients. */
  readonly connections: number;
  /** Of its container, in MB. */
  readonly limit: number;
  /** Of its heap, in MB. */
  readonly heap: number;
}

/**
 * The memory of a relay. Measured: 35 MB without clients, and 0.45 MB for each client that takes and sends
 * nothing while both sides wait, which is the most that one can take.
 */
export function relayMemory(serverConnections = 0): RelayMemory {
  const connections = Math.max(RELAY_CONNECTIONS, serverConnections + SPARE_CONNECTIONS);
  return {
    connections,
    limit: 60 + Math.ceil((connections * 2) / 3),
    heap: 24 + Math.ceil(connections / 16),
  };
}
