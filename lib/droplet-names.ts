/** Written by cloud-init as its very last step: everything before it has run, and well. */
export const READY_MARKER = '/var/lib/clusterkit/ready';

/** Where the volume of a cluster is mounted on its droplet. No part of it needs escaping in units. */
export const VOLUME_MOUNT = '/srv/clusterkit';

/** The database's data on the volume: a directory, since the root of a file system is not empty. */
export const VOLUME_DATA = `${VOLUME_MOUNT}/data`;

/** The device by which a volume appears on the droplet that it is attached to. */
export const volumeDevice = (volume: string) => `/dev/disk/by-id/scsi-0DO_Volume_${volume}`;

/** The engine's socket on a droplet. */
export const ENGINE_SOCKET = '/var/run/docker.sock';
