/** Share of a size's memory that the kernel of a droplet reports; the rest is its own. */
const VISIBLE = 0.96;

/** What `/proc/meminfo` says on a droplet of that memory; a container would see all of its host's. */
export function meminfo(megabytes: number): string {
  const total = Math.floor(megabytes * 1024 * VISIBLE);
  const rows = {
    MemTotal: total,
    MemFree: Math.floor(total * 0.6),
    MemAvailable: Math.floor(total * 0.8),
    Buffers: 0,
    Cached: Math.floor(total * 0.2),
    SwapCached: 0,
    SwapTotal: 0,
    SwapFree: 0,
    Shmem: 0,
    SReclaimable: 0,
  };
  return Object.entries(rows)
    .map(([name, kilobytes]) => `${`${name}:`.padEnd(15)}${String(kilobytes).padStart(9)} kB\n`)
    .join('');
}
