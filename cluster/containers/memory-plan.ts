import { relayMemory } from './relay-memory.js';

/** How the memory of a machine is divided, in MB. */
export interface MemoryPlan {
  readonly server: number;
  /** Heap of the server; the rest of its share is for its other memory. */
  readonly serverHeap: number;
  readonly database: number;
}

/** What determines the shares besides the machine. */
export interface MemoryShares {
  readonly hasGateway?: boolean | undefined;
  readonly hasProxy?: boolean | undefined;
  /** The database is external or managed: a relay replaces its container. */
  readonly isRelayed?: boolean | undefined;
  /** What applications need, in MB: see `apps-memory.ts`. @default 0 */
  readonly appsMb?: number | undefined;
  /** Connections that the server opens to its database. @default - as many as upstream's default */
  readonly connections?: number | undefined;
  /** The user's own shares. @default - computed */
  readonly custom?: Partial<Pick<MemoryPlan, 'server' | 'database'>> | undefined;
}

/** Limits in MB that are the same on every machine. */
export const FIXED_MB = {
  ...{ gateway: 192, proxy: 128 },
  ...{ edge: 64, activator: 192, waker: 64, pool: 64 },
} as const;

/** Reserved for system, engine and ssh. */
export const SYSTEM_MB = 384;
/** The least that a plan gives, in MB. */
export const LEAST_MB = { server: 512, database: 256 } as const;

/** One third of the remaining memory goes to the database, or what a relay needs; the rest to the server. */
export function memoryPlan(totalMb: number, shares: MemoryShares = {}): MemoryPlan {
  const { isRelayed, connections, appsMb = 0, custom = {} } = shares;
  const rest = totalMb - SYSTEM_MB - frontMb(shares) - appsMb;
  const third = Math.min(Math.floor(rest / 3), rest - (custom.server ?? 0));
  const share = isRelayed ? relayMemory(connections).limit : Math.max(LEAST_MB.database, third);
  const database = custom.database ?? share;
  const server = custom.server ?? Math.max(LEAST_MB.server, rest - database);
  return { server, serverHeap: heapOf(server), database };
}

/** What is in front of the server, in MB. */
const frontMb = ({ hasGateway = false, hasProxy = false }: MemoryShares): number =>
  (hasGateway ? FIXED_MB.gateway : 0) + (hasProxy ? FIXED_MB.proxy : 0);

/** Fixed limits for a machine that also runs other software. */
export function localMemoryPlan({ isRelayed, connections, custom }: MemoryShares): MemoryPlan {
  const fallback = isRelayed ? relayMemory(connections).limit : 512;
  const { server = 1024, database = fallback } = custom ?? {};
  return { server, serverHeap: heapOf(server), database };
}

/** Memory of a JVM besides its heap, in MB: see `memory-options.ts`. */
const BESIDES_HEAP_MB = 320;

/** At most three quarters; small servers get half, because upstream's need 200 MB besides the heap. */
export const heapOf = (serverMb: number): number =>
  Math.floor(Math.max(serverMb / 2, Math.min(serverMb * 0.75, serverMb - BESIDES_HEAP_MB)));
