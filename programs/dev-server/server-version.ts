import type { Generation } from '../../prisma/generation.js';

/** The upstream release whose protocol each generation implements. */
const PROTOCOL: Record<Generation, string> = { A: '1.6.3', B: '1.8.3', C: '1.34.12' };

/**
 * The version that the server reports: the protocol, then the kit's own version, such as
 * `1.8.3-clusterkit.0.1.0`. The CLIs read the first two numbers. CLIs up to 1.8 compare versions
 * with a pattern; the dot after the name keeps it from matching, as for any release of upstream.
 */
export const serverVersion = (generation: Generation, packageVersion: string): string =>
  `${PROTOCOL[generation]}-clusterkit.${packageVersion}`;
