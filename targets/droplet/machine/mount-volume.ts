import { type RemoteShell, runStep } from '../../../clients/ssh/remote-shell.js';
import { ON_DROPLET, volumeDevice } from './places.js';

/** Directory of the database's data. It is on the volume, so it exists only while that is mounted. */
export const VOLUME_DATA = `${ON_DROPLET.data}/data`;

/**
 * Waits for the device; formats it only when it is completely empty (blkid: 2); mounts it, now and at every
 * boot before the engine starts its containers.
 */
const MOUNT = `
device=$1 point=$2
[ "$(findmnt -nro TARGET --target "$point/data" 2>/dev/null)" = "$point" ] && echo 'already so' && exit
for _ in $(seq 120); do [ -b "$device" ] && break; sleep 0.5; done
[ -b "$device" ] || { echo "$device did not appear: is the volume attached?" >&2; exit 1; }
found=0
blkid -p "$device" >/dev/null || found=$?
case $found in
  0) ;;
  2) mkfs.ext4 -q "$device" ;;
  *) echo "$device cannot be read" >&2; exit 1 ;;
esac
mkdir -p "$point"
grep -qF "$device $point " /etc/fstab ||
  echo "$device $point auto defaults,nofail,discard,noatime 0 2" >>/etc/fstab
unit=$(systemd-escape --path --suffix=mount "$point")
mkdir -p /etc/systemd/system/docker.service.d
printf '[Unit]\\nWants=%s\\nAfter=%s\\n' "$unit" "$unit" \\
  >/etc/systemd/system/docker.service.d/clusterkit-volume.conf
systemctl daemon-reload
mountpoint -q "$point" || mount "$point"
mkdir -p -m 755 "$point/data"
sync "$point" "$point/data" /etc/fstab
echo mounted`;

/**
 * Mounts the cluster's volume on its droplet.
 * @throws KitError `droplet-step-failed` (exit 3)
 */
export async function mountVolume(
  shell: RemoteShell,
  volume: string,
  signal?: AbortSignal,
): Promise<'already so' | 'mounted'> {
  const said = await runStep(shell, {
    what: `mounting volume ${volume}`,
    script: MOUNT,
    args: [volumeDevice(volume), ON_DROPLET.data],
    timeoutMs: 180_000,
    signal,
  });
  return said.endsWith('already so') ? 'already so' : 'mounted';
}
