import type { GuestFile } from './guest-file.js';

/** Where DigitalOcean's agent mounts a volume that came with a file system. */
export const mountPoint = (volume: string) => `/mnt/${volume.replaceAll('-', '_')}`;

/** Name of the unit that mounts it. systemd writes `/` as `-`; no mount point has a `-`. */
export const mountUnit = (volume: string) =>
  `${mountPoint(volume).slice(1).replace('/', '-')}.mount`;

/** The unit, and the line by which it is mounted on boot. */
export function automountFiles(volume: string, filesystem: string): GuestFile[] {
  const unit = mountUnit(volume);
  return [
    {
      path: `/etc/systemd/system/${unit}`,
      text: [
        '[Unit]',
        `Description=Volume ${volume}`,
        '[Mount]',
        `What=/dev/disk/by-id/scsi-0DO_Volume_${volume}`,
        `Where=${mountPoint(volume)}`,
        `Type=${filesystem}`,
        'Options=defaults,nofail,discard,noatime',
        '',
      ].join('\n'),
    },
    {
      path: `/etc/systemd/system/multi-user.target.d/${unit}.conf`,
      text: `[Unit]\nWants=${unit}\n`,
    },
  ];
}
