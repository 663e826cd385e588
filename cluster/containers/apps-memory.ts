import type { AppSettings } from '../settings/apps/settings.js';
import { FIXED_MB } from './memory-plan.js';

/** One part of what applications need, in MB. */
export interface MemoryPart {
  /** Such as `web 2 × 256` or `edge`. */
  readonly what: string;
  readonly mb: number;
}

/**
 * The memory that a cluster's applications need of its machine, by part; none without applications. Of a function
 * all instances count, because they may all run; a release that replaces another one is not counted twice.
 */
export function appsMemory(
  apps: readonly Pick<AppSettings, 'name' | 'kind' | 'instances' | 'memoryMb' | 'database'>[] = [],
): MemoryPart[] {
  if (apps.length === 0) return [];
  const fixed = (what: 'edge' | 'activator' | 'waker' | 'pool') => [{ what, mb: FIXED_MB[what] }];
  return [
    ...apps.map(({ name, instances, memoryMb }) => ({
      what: instances === 1 ? name : `${name} ${instances} × ${memoryMb}`,
      mb: instances * memoryMb,
    })),
    ...fixed('edge'),
    ...(apps.some(({ kind }) => kind === 'function')
      ? [...fixed('activator'), ...fixed('waker')]
      : []),
    ...(apps.some(({ database }) => database !== undefined) ? fixed('pool') : []),
  ];
}

/** The sum of parts, in MB. */
export const sumOf = (parts: readonly MemoryPart[]): number =>
  parts.reduce((sum, { mb }) => sum + mb, 0);
