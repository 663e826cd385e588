import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** What this process has to work with. */
export interface Room {
  readonly processors: number;
  /** Limit of its memory; `Infinity`: none that is known. */
  readonly memoryBytes: number;
}

/** Where control groups of version 2 tell their limit: `max`, or bytes. Debian's Node 18 knows version 1 only. */
const LIMIT = '/sys/fs/cgroup/memory.max';

/** Looks around. */
export function roomOfProcess(): Room {
  const limits = [process.constrainedMemory() ?? 0, limitOfVersion2()];
  const memoryBytes = Math.min(...limits.filter((bytes) => bytes > 0), Number.POSITIVE_INFINITY);
  return { processors: availableParallelism(), memoryBytes };
}

function limitOfVersion2(): number {
  try {
    const bytes = Number(readFileSync(LIMIT, 'utf8'));
    return Number.isFinite(bytes) ? bytes : 0;
  } catch {
    return 0;
  }
}
