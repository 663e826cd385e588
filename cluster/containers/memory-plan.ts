/** How the memory of a machine is shared out, in MB. */
export interface MemoryPlan {
  readonly server: number;
  /** Of the server's JVM: the rest of its share is for what a JVM has beside it. */
  readonly serverHeap: number;
  readonly database: number;
}

/** What else runs on the machine, beside server and database. */
export interface Company {
  readonly hasGateway?: boolean;
  readonly hasProxy?: boolean;
  /** The database is elsewhere: a relay to it takes its place. */
  readonly isRelayed?: boolean;
}

/** Limits in MB of what needs the same on every machine. */
export const FIXED_MB = { gateway: 192, proxy: 128, relay: 96 } as const;

/** For system, engine and ssh. */
const SYSTEM_MB = 384;
const LEAST = { server: 512, database: 256 };

/** Two thirds of what the others leave go to the server, one to the database. */
export function memoryPlan(totalMb: number, company: Company = {}): MemoryPlan {
  const { hasGateway = false, hasProxy = false, isRelayed = false } = company;
  const others = (hasGateway ? FIXED_MB.gateway : 0) + (hasProxy ? FIXED_MB.proxy : 0);
  const rest = totalMb - SYSTEM_MB - others;
  const share = isRelayed ? rest - FIXED_MB.relay : Math.floor((rest * 2) / 3);
  const server = Math.max(LEAST.server, share);
  const database = isRelayed ? FIXED_MB.relay : Math.max(LEAST.database, Math.floor(rest / 3));
  return { server, serverHeap: heapOf(server), database };
}

/**
 * Limits on a machine that is not the cluster's alone: the same on every one.
 * @param custom limits in MB instead
 */
export function localMemoryPlan(
  isRelayed: boolean,
  custom: { readonly server?: number; readonly database?: number } = {},
): MemoryPlan {
  const { server = 1024, database = isRelayed ? FIXED_MB.relay : 512 } = custom;
  return { server, serverHeap: heapOf(server), database };
}

const heapOf = (serverMb: number) => Math.floor(serverMb * 0.75);
