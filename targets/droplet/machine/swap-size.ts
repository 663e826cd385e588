const SMALL_MB = 2048;

/**
 * Swap for a droplet, in MB, from the name of its size: 2 GB up to 2 GB of memory, none above, and
 * none when the name does not show it (such sizes start at 4 GB).
 */
export function swapMbFor(size: string): number {
  const [, amount = '', unit] = /(?:^|-)(\d+)(mb|gb)(?:-|$)/.exec(size) ?? [];
  if (unit === undefined) return 0;
  const memoryMb = Number(amount) * (unit === 'gb' ? 1024 : 1);
  return memoryMb <= SMALL_MB ? SMALL_MB : 0;
}
