import type Docker from 'dockerode';
import type { RuntimeVolume } from '../api/droplet-runtime.js';
import { run } from './run.js';

const DISKS = '/disks';

/** Finds a free loop device and binds the file to it; a second try where another was faster. */
const BIND = `
file=$1
known=$(losetup -nO NAME -j "$file") && [ -n "$known" ] && echo "\${known#/dev/loop}" && exit
for _ in 1 2 3 4 5 6 7 8 9 10; do
  device=$(losetup -f) || exit
  minor=\${device#/dev/loop}
  [ -b "$device" ] || mknod "$device" b 7 "$minor"
  losetup "$device" "$file" && echo "$minor" && exit
done
exit 1`;

const UNBIND = `
for file in "$@"; do
  [ -f "$file" ] || continue
  losetup -nO NAME -j "$file" | while read -r device; do
    [ -b "$device" ] || mknod "$device" b 7 "\${device#/dev/loop}"
    # One that was in use a moment ago goes by itself, maybe right now.
    losetup -d "$device" || ! losetup "$device"
  done
done`;

/** A volume that no droplet has had yet has no file. */
const GROW = `
[ -f "$1" ] || exit 0
truncate -s "$2" "$1"
losetup -nO NAME -j "$1" | while read -r device; do
  [ -b "$device" ] || mknod "$device" b 7 "\${device#/dev/loop}"
  losetup -c "$device"
done`;

/**
 * Where the volumes are while no droplet has them: sparse files in a Docker volume, each bound to a
 * loop device while it is attached. A loop device belongs to the kernel, so that a container with
 * the right to it can be given one at any time, as a droplet gets a disk.
 */
export class DiskShelf {
  constructor(private readonly container: Docker.Container) {}

  /** What the shelf's container needs. The volume is called `name` as well. */
  static options(
    name: string,
    image: string,
    labels: Readonly<Record<string, string>>,
  ): Docker.ContainerCreateOptions {
    return {
      name,
      Image: image,
      Labels: { ...labels, [SHELF_LABEL]: 'yes' },
      Cmd: ['sh', '-c', 'mknod /dev/loop-control c 10 237; exec sleep infinity'],
      StopSignal: 'SIGKILL',
      HostConfig: {
        Init: true,
        CapAdd: ['SYS_ADMIN', 'MKNOD', 'NET_ADMIN'],
        SecurityOpt: ['apparmor=unconfined'],
        DeviceCgroupRules: ['b 7:* rwm', 'c 10:237 rwm'],
        Tmpfs: { '/var/lib/docker': 'size=1m' },
        Binds: [`${name}:${DISKS}`],
      },
    };
  }

  /** Makes the volume's file, unless it is there, and gives the minor number of its loop device. */
  async attach({ id, sizeGigabytes, filesystem }: RuntimeVolume): Promise<number> {
    const file = fileOf(id);
    const format = filesystem === undefined ? 'true' : `mkfs.${filesystem} -q "$1"`;
    await run(this.container, [
      ...['sh', '-ec', `[ -f "$1" ] || { truncate -s "$2" "$1"; ${format}; }`],
      ...['sh', file, `${sizeGigabytes}G`],
    ]);
    return Number(await run(this.container, ['sh', '-c', BIND, 'sh', file]));
  }

  /** Frees the loop device; the data stays. */
  async detach(volumeId: string): Promise<void> {
    await run(this.container, ['sh', '-c', UNBIND, 'sh', fileOf(volumeId)]);
  }

  /** Makes the file bigger, and the device where it is bound to one; the file system stays as it is. */
  async resize(volumeId: string, gigabytes: number): Promise<void> {
    await run(this.container, [...['sh', '-ec', GROW, 'sh', fileOf(volumeId)], `${gigabytes}G`]);
  }

  async destroy(volumeId: string): Promise<void> {
    await this.detach(volumeId);
    await run(this.container, ['rm', '-f', fileOf(volumeId)]);
  }

  /** Frees all loop devices. They would outlive the container. */
  async detachAll(): Promise<void> {
    await run(this.container, ['sh', '-c', `set -- ${DISKS}/*; ${UNBIND}`]);
  }
}

/** Tells the shelf's container from the droplets. */
export const SHELF_LABEL = 'dev.clusterkit.test.shelf';

const fileOf = (volumeId: string) => `${DISKS}/${volumeId}.img`;
