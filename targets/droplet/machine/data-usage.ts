import type { RemoteShell } from '../../../clients/ssh/remote-shell.js';
import { runStep } from '../../../clients/ssh/remote-shell.js';
import type { Problem } from '../../../lib/errors.js';
import type { DataUsage } from '../../common/container-states.js';
import { ON_DROPLET } from './places.js';

/**
 * Prints size, used and available bytes of a mounted file system, then the bytes that it could have at most, and
 * those of its device; 0: unknown. `df` leaves out what the file system needs for itself.
 */
const MEASURE = `
mountpoint -q "$1" || { echo "$1 is not mounted" >&2; exit 3; }
df -B1 --output=size,used,avail "$1" | tail -n 1
device=$(findmnt -nro SOURCE --mountpoint "$1")
case $(findmnt -nro FSTYPE --mountpoint "$1") in
  ext4) dumpe2fs -h "$device" 2>/dev/null | sed -n 's/^Block \\(count\\|size\\): *//p' ;;
  xfs) xfs_info "$1" | sed -n 's/^data .*bsize=\\([0-9]*\\) *blocks=\\([0-9]*\\).*/\\2 \\1/p' ;;
esac | { read -r first second || :; read -r next || :; echo $((\${first:-0} * \${second:-\${next:-0}} )); }
blockdev --getsize64 "$device" 2>/dev/null || echo 0`;

const GIB = 1024 ** 3;
/** Less than that is no growth: the device need not be a multiple of a block. */
const UNUSABLE = 64 * 1024;
/** From here on a database soon cannot write any more. */
const NEARLY_FULL = 0.95;

/**
 * Size and use of the file system of the data on its volume.
 * @throws KitError `droplet-step-failed` (exit 3), also when it is not mounted
 */
export async function dataUsage(
  shell: RemoteShell,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<DataUsage> {
  const said = await runStep(shell, {
    what: 'measuring the file system of the data',
    script: MEASURE,
    args: [ON_DROPLET.data],
    ...options,
  });
  return usageFrom(said);
}

/** The output of the measurement. */
export function usageFrom(said: string): DataUsage {
  const [sizeBytes = 0, usedBytes = 0, freeBytes = 0, fileSystem = 0, device = 0] = said
    .split(/\s+/)
    .map(Number);
  const isKnown = fileSystem > 0 && device > 0;
  return {
    ...{ sizeBytes, usedBytes, freeBytes },
    volumeBytes: device > 0 ? device : null,
    isGrown: isKnown ? device - fileSystem < UNUSABLE : null,
  };
}

/** What is wrong with the file system of the data. */
export function usageProblems(usage: DataUsage, host: string): Problem[] {
  const { sizeBytes, freeBytes, volumeBytes, isGrown } = usage;
  if (isGrown === false) {
    return [
      {
        path: host,
        message: `the file system of the data has ${gb(sizeBytes)} of a volume of ${gb(volumeBytes ?? 0)}`,
        hint: 'Run `clusterkit up`: it grows the file system.',
      },
    ];
  }
  if (sizeBytes === 0 || freeBytes > (1 - NEARLY_FULL) * sizeBytes) return [];
  return [
    {
      path: host,
      message: `the volume of the data is nearly full: ${gb(freeBytes)} of ${gb(sizeBytes)} are free`,
      hint: 'Raise `volume.sizeGb` in clusters.yml, and run `clusterkit up`.',
    },
  ];
}

const gb = (bytes: number) => `${(bytes / GIB).toFixed(1)} GB`;
