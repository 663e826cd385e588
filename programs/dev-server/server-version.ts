import type { Generation } from '../../prisma/generation.js';

/** The upstream release whose protocol each generation speaks. */
const PROTOCOL: Record<Generation, string> = { A: '1.6.3', B: '1.8.3', C: '1.34.12' };

/**
 * The version that the server tells: the protocol it speaks, then whose it is, such as
 * `1.8.3-clusterkit.0.1.0`. The CLIs read the first two numbers; the dot after the name keeps the
 * pattern by which CLIs up to 1.8 compare versions from matching, as with any release of upstream.
 */
export const serverVersion = (generation: Generation, packageVersion: string): string =>
  `${PROTOCOL[generation]}-clusterkit.${packageVersion}`;
