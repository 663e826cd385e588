/** Debian release of the image. */
export const RELEASE = 'bookworm';

const PACKAGES = [
  // What any droplet of a distribution image has.
  'ca-certificates',
  'cloud-init',
  'curl',
  'dbus',
  'e2fsprogs',
  'iproute2',
  'logrotate',
  'mount',
  'openssh-server',
  'procps',
  'systemd-sysv',
  'unattended-upgrades',
  'xfsprogs',
  // The engine, as in the marketplace's image: there is nowhere to install it from.
  'docker.io',
  'iptables',
  // For what stands around a droplet: firewall, reserved addresses.
  'iputils-arping',
  'nftables',
];

const UNWANTED = ['man', 'locale', 'info', 'doc'].map((name) => `/usr/share/${name}/*`);

/** What a machine has of its own, and an image may not bring. */
const NOT_SHARED = ['/etc/ssh/ssh_host_*', '/etc/machine-id', '/var/lib/dbus/machine-id'];

/** Options of mmdebstrap. A change makes a new image. */
export const RECIPE: readonly string[] = [
  '--variant=minbase',
  // Without it Perl comes in, only to merge directories that this makes merged at once.
  '--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr',
  `--include=${['usr-is-merged', ...PACKAGES].join(',')}`,
  ...UNWANTED.map((path) => `--dpkgopt=path-exclude=${path}`),
  '--dpkgopt=path-include=/usr/share/doc/*/copyright',
  '--aptopt=Apt::Install-Recommends "false"',
  `--customize-hook=cd "$1" && rm -f ${NOT_SHARED.map((path) => `.${path}`).join(' ')}`,
  // Empty, systemd makes a new one on each droplet's first boot.
  '--customize-hook=touch "$1/etc/machine-id"',
];

/** What the engine notes on import, as lines of a Dockerfile. */
export const IMAGE_CHANGES: readonly string[] = ['VOLUME /var/lib/docker', 'CMD ["/sbin/init"]'];
