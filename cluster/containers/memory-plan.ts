/** How the memory of a machine is divided, in MB. */
export interface MemoryPlan {
  readonly server: number;
  /** Heap of the server's JVM; the rest of its share is for the JVM's other memory. */
  readonly serverHeap: number;
  readonly database: number;
}

/** Limits in MB that are the same on every machine. */
export const FIXED_MB = { gateway: 192, proxy: 128, relay: 96 } as const;

/** Reserved for system, engine and ssh. */
const SYSTEM_MB = 384;
const LEAST = { server: 512, database: 256 };

/** Two thirds of the remaining memory go to the server, one third to the database. */
export function memoryPlan(
  totalMb: number,
  company: {
    readonly hasGateway?: boolean;
    readonly hasProxy?: boolean;
    /** The database is external or managed: a relay replaces its container. */
    readonly isRelayed?: boolean;
  } = {},
): MemoryPlan {
  const { hasGateway = false, hasProxy = false, isRelayed = false } = company;
  const others = (hasGateway ? FIXED_MB.gateway : 0) + (hasProxy ? FIXED_MB.proxy : 0);
  const rest = totalMb - SYSTEM_MB - others;
  const share = isRelayed ? rest - FIXED_MB.relay : Math.floor((rest * 2) / 3);
  const server = Math.max(LEAST.server, share);
  const database = isRelayed ? FIXED_MB.relay : Math.max(LEAST.database, Math.floor(rest / 3));
  return { server, serverHeap: heapOf(server), database };
}

/**
 * Fixed limits for a machine that also runs other software.
 * @param custom overrides, in MB
 */
export function localMemoryPlan(
  isRelayed: boolean,
  custom: { readonly server?: number; readonly database?: number } = {},
): MemoryPlan {
  const { server = 1024, database = isRelayed ? FIXED_MB.relay : 512 } = custom;
  return { server, serverHeap: heapOf(server), database };
}

const heapOf = (serverMb: number) => Math.floor(serverMb * 0.75);
