import type { GuestFile } from './guest-file.js';

/** What cloud-init is told of a droplet on its first boot. */
export interface Seed {
  /** A new one makes cloud-init run again. */
  readonly instanceId: string;
  readonly hostname: string;
  /** For root, in OpenSSH's format. */
  readonly sshPublicKeys: readonly string[];
  readonly userData?: string | undefined;
}

const DIRECTORY = '/var/lib/cloud/seed/nocloud';

/** How the image's cloud-init is to behave, whatever user data says. */
const CONFIGURATION = {
  datasource_list: ['NoCloud', 'None'],
  network: { config: 'disabled' },
  disable_root: false,
  users: [],
  // There is none to generate it from, and without the line a whole stage fails.
  locale: 'C.UTF-8',
};

/** The seed of the NoCloud data source. JSON is YAML. */
export function seedFiles(seed: Seed): GuestFile[] {
  const metaData = {
    'instance-id': seed.instanceId,
    'local-hostname': seed.hostname,
    'public-keys': seed.sshPublicKeys,
  };
  return [
    { path: '/etc/cloud/cloud.cfg.d/90-droplet.cfg', text: yaml(CONFIGURATION) },
    { path: `${DIRECTORY}/meta-data`, text: yaml(metaData) },
    // The file must be there; a droplet without user data has an empty one.
    { path: `${DIRECTORY}/user-data`, text: seed.userData ?? '', mode: 0o600 },
  ];
}

const yaml = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
