/** Paths on a droplet. The first boot writes these files, the install stage reads them. */
export const ON_DROPLET = {
  /** The kit's own directory on the droplet's disk. */
  state: '/var/lib/clusterkit',
  /** Contains the marker from the user data after a successful first boot. */
  marker: '/var/lib/clusterkit/first-boot.done',
  /** Exists only after a failure; contains the failed step of the first boot. */
  failure: '/var/lib/clusterkit/first-boot.failed',
  /** Log of the steps of the first boot. */
  log: '/var/log/clusterkit-first-boot.log',
  /** The only host key that sshd offers, ed25519; its public half is in the same path with `.pub`. */
  hostKey: '/etc/ssh/ssh_host_ed25519_key',
  /** Where the data volume is mounted; in fstab from the first boot on, mounted by the install stage. */
  data: '/mnt/clusterkit',
  /** The engine's socket. */
  engineSocket: '/var/run/docker.sock',
} as const;

/** The block device of an attached volume. */
export const volumeDevice = (volume: string) => `/dev/disk/by-id/scsi-0DO_Volume_${volume}`;
