/** Where things are on a droplet. The first boot writes them, the install stage reads them. */
export const ON_DROPLET = {
  /** The kit's own directory on the droplet's disk. */
  state: '/var/lib/clusterkit',
  /** Its text is the marker that cloud-init was given: everything of the first boot went well. */
  marker: '/var/lib/clusterkit/first-boot.done',
  /** There only after a failure; names the step of the first boot that failed. */
  failure: '/var/lib/clusterkit/first-boot.failed',
  /** What the steps of the first boot said. */
  log: '/var/log/clusterkit-first-boot.log',
  /** The only host key that sshd offers, ed25519; its public half has `.pub` behind it. */
  hostKey: '/etc/ssh/ssh_host_ed25519_key',
  /** Where the data volume is mounted; in fstab from the first boot on, mounted by the install stage. */
  data: '/mnt/clusterkit',
  /** The engine's socket. */
  engineSocket: '/var/run/docker.sock',
} as const;

/** The block device of an attached volume. */
export const volumeDevice = (volume: string) => `/dev/disk/by-id/scsi-0DO_Volume_${volume}`;
