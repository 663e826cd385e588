import type { Engine } from '../clients/docker/connect.js';
import type { SshConnection } from '../clients/ssh/ssh-connection.js';

/** Streams to a host and port as another machine reaches them. */
export type Forwarder = Pick<SshConnection, 'forwardTcp'>;

/** A machine of a cluster, open: its Docker engine answers. */
export interface Machine {
  /** Such as `localhost` or an address. */
  readonly name: string;
  readonly engine: Engine;
  /** Reaches what the machine reaches. @default - this machine reaches the same */
  readonly forwarder?: Forwarder;
  close(): void;
}

/** Where the machines of a cluster are found: its key store. */
export interface MachinePlace {
  readonly keyDirectory: string;
}

/** Opens machines for `work`, and closes them however it ends. */
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
