/** How the memory of a machine is shared out, in MB. */
export interface MemoryPlan {
  readonly server: number;
  /** Of the server's JVM: the rest of its share is for what a JVM has beside it. */
  readonly serverHeap: number;
  readonly database: number;
}

/** For system, engine and ssh. */
const SYSTEM_MB = 384;
const LEAST = { server: 512, database: 256 };

/** Two thirds of what the system leaves go to the server, one to the database. */
export function memoryPlan(totalMb: number): MemoryPlan {
  const rest = totalMb - SYSTEM_MB;
  const server = Math.max(LEAST.server, Math.floor((rest * 2) / 3));
  const database = Math.max(LEAST.database, Math.floor(rest / 3));
  return { server, serverHeap: Math.floor(server * 0.75), database };
}
