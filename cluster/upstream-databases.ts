import { requireGeneration } from '../prisma/generation.js';
import type { Connector } from './databases.js';

/** A database as it identifies itself: kind and release, such as 15, 9.04 or 10.11. */
export interface DatabaseRelease {
  readonly kind: Connector | 'mariadb';
  /** From the first two numbers: `major + minor / 100`. */
  readonly number: number;
}

/**
 * Why upstream's server does not work with a database; `undefined`: it works. Based on its releases: all
 * of them log in with drivers of 2017 (MariaDB Connector/J 2.1.2, pgjdbc 42.2.2), and take a lock
 * with an infinite timeout, which MariaDB does not support.
 *
 * @param version of the server
 */
export function upstreamUnfit(
  version: string,
  { kind, number }: DatabaseRelease,
): 'too-old' | 'too-new' | 'mariadb' | undefined {
  if (kind === 'mariadb') return 'mariadb';
  if (kind === 'postgres') return number >= 9.04 ? undefined : 'too-old';
  const oldest = requireGeneration(version) === 'C' ? 5.06 : 5.07;
  if (number < oldest) return 'too-old';
  return number < 6 ? undefined : 'too-new';
}
