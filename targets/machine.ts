import type { EngineAddress } from '../clients/docker/address/engine-address.js';
import type { Engine } from '../clients/docker/connect.js';
import type { SshConnection } from '../clients/ssh/ssh-connection.js';

/** Opens streams to a host and port from another machine. */
export type Forwarder = Pick<SshConnection, 'forwardTcp'>;

/** A connected machine of a cluster: its Docker engine answers. */
export interface Machine {
  /** Such as `localhost` or an address. */
  readonly name: string;
  readonly engine: Engine;
  /** Connects from the machine. @default - this machine reaches the same addresses */
  readonly forwarder?: Forwarder;
  /** Restarts the engine, and waits until it answers again; containers keep running. @default - the kit may not */
  readonly restartEngine?: (signal?: AbortSignal) => Promise<void>;
  close(): void;
}

/** Locates the machines of a cluster: its key store. */
export interface MachinePlace {
  readonly keyDirectory: string;
}

/** What opens machines: also the engine that the command uses. */
export interface EnginePlace extends MachinePlace {
  readonly engineAddress: () => Promise<EngineAddress>;
  readonly env: NodeJS.ProcessEnv;
}

/** Opens machines for `work`, and always closes them. */
export async function withMachines<T>(
  open: () => Promise<readonly Machine[]>,
  work: (machines: readonly Machine[]) => Promise<T>,
): Promise<T> {
  const machines = await open();
  try {
    return await work(machines);
  } finally {
    for (const machine of machines) machine.close();
  }
}
