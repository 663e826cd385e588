import { type RemoteShell, runStep } from '../../../clients/ssh/remote-shell.js';
import { ON_DROPLET, volumeDevice } from './places.js';

/**
 * Grows the file system of a mounted device to the size of the device. ext4 grows while it is in use, where the
 * kernel permits that. Otherwise the containers, which hold it, stop for that time. Those that ran start again,
 * also after an interruption: their list is kept until they have. `xfs_growfs` does nothing without more space.
 */
const GROW = `
device=$(readlink -f "$1") point=$2 stopped=$3
size() { df -B1 --output=size "$point" | tail -n 1 | tr -d ' '; }
restart() {
  [ ! -s "$stopped" ] || xargs -r docker start <"$stopped" >/dev/null
  rm -f "$stopped"
}
restart
before=$(size)
case $(findmnt -nro FSTYPE --mountpoint "$point") in
  ext4)
    set -- $(dumpe2fs -h "$device" 2>/dev/null | sed -n 's/^Block \\(count\\|size\\): *//p')
    if [ $((($1 + 1) * $2)) -le "$(blockdev --getsize64 "$device")" ] && ! resize2fs "$device"; then
      docker ps -q --no-trunc >"$stopped.part"
      mv "$stopped.part" "$stopped"
      trap 'mountpoint -q "$point" || mount "$point"; restart' EXIT
      xargs -r docker stop <"$stopped" >/dev/null
      sync
      umount --all-targets "$device"
      e2fsck -f -p "$device" || [ $? -lt 4 ]
      resize2fs "$device"
      mount "$point"
    fi
    ;;
  xfs) xfs_growfs "$point" >/dev/null ;;
esac
after=$(size)
[ "$after" -gt "$before" ] && echo "grown to $((after / 1000000)) MB" || echo 'already so'`;

/**
 * Gives the file system of the data all of its volume, which may have grown.
 * @returns `already so`, or how big it is now
 * @throws KitError `droplet-step-failed` (exit 3)
 */
export async function growData(
  shell: RemoteShell,
  volume: string,
  signal?: AbortSignal,
): Promise<string> {
  const said = await runStep(shell, {
    what: 'growing the file system of the data',
    script: GROW,
    args: [volumeDevice(volume), ON_DROPLET.data, `${ON_DROPLET.state}/stopped-to-grow`],
    timeoutMs: 900_000,
    signal,
  });
  return said.split('\n').at(-1) ?? '';
}
