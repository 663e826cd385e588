import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstallInput } from '../../../targets/droplet/install.js';
import { ensureSshKeys, type SshKeys } from '../../../targets/droplet/keys/ssh-keys.js';
import { ON_DROPLET } from '../../../targets/droplet/machine/places.js';
import { IMAGES } from '../test-project.js';
import type { DropletSpec, RuntimeVolume } from './api/droplet-runtime.js';
import type { BirthFault } from './droplets/birth-faults.js';
import { ContainerDroplets, type ContainerDropletsProps } from './droplets/container-droplets.js';

/** What a first boot runs, and what stands around it. */
export interface Boot {
  /** Shell lines before the marker is written. @default - none */
  readonly commands?: readonly string[];
  readonly volumes?: readonly RuntimeVolume[];
  readonly faults?: readonly BirthFault[];
}

/** What a droplet is for those who reach it. */
export interface BootedDroplet {
  readonly id: number;
  readonly droplet: string;
  readonly host: string;
  readonly keyDirectory: string;
  readonly keys: SshKeys;
}

const VOLUME: RuntimeVolume = {
  id: 'v-data',
  name: 'ck-data',
  sizeGigabytes: 1,
  filesystem: 'ext4',
};

/** Container droplets with the kit's own keys, and a first boot as small as can be. */
export class BootedDroplets {
  static readonly VOLUME = VOLUME;
  private next = 1;
  private readonly directories: string[] = [];

  private constructor(
    readonly droplets: ContainerDroplets,
    private readonly faults: Map<number, readonly BirthFault[]>,
  ) {}

  /** @param props such as a mirror of Docker Hub */
  static async open(props: Pick<ContainerDropletsProps, 'mirrorOf'> = {}): Promise<BootedDroplets> {
    const faults = new Map<number, readonly BirthFault[]>();
    const faultsOf = ({ id }: DropletSpec) => faults.get(id) ?? [];
    const droplets = await ContainerDroplets.open({ ...props, faultsOf });
    return new BootedDroplets(droplets, faults);
  }

  async boot({ commands = [], volumes = [], faults = [] }: Boot = {}): Promise<BootedDroplet> {
    const id = this.next++;
    this.faults.set(id, faults);
    const directory = await mkdtemp(join(tmpdir(), 'ck-test-'));
    this.directories.push(directory);
    const keyDirectory = join(directory, 'keys', 'one');
    const keys = await ensureSshKeys(keyDirectory);
    const { ipv4 } = await this.droplets.create(specOf(id, keys, commands, volumes));
    return { id, droplet: String(id), host: ipv4, keyDirectory, keys };
  }

  async dispose(): Promise<void> {
    await this.droplets.dispose();
    for (const directory of this.directories) await rm(directory, { recursive: true, force: true });
  }
}

/** What the stage `install` gets for one: bundled images that are sent to it, and no volume. */
export const installInput = ({ keyDirectory, droplet, host }: BootedDroplet): InstallInput => ({
  cluster: `ck-test-${randomBytes(4).toString('hex')}`,
  project: '/nowhere/.clusterkit',
  ...{ keyDirectory, droplet, host, port: 4466 },
  ...{ connector: 'postgres', auth: 'rsa', version: '1.8' },
  ...{ serverImage: IMAGES.server, serverTransport: 'push' },
  ...{ databaseImage: IMAGES.database, databaseTransport: 'push' },
  ...{ startedImage: '', volume: '' },
});

const specOf = (
  id: number,
  { login, bootstrapHost }: SshKeys,
  commands: readonly string[],
  volumes: readonly RuntimeVolume[],
): DropletSpec => ({
  id,
  name: `droplet-${id}`,
  image: 'debian-12-x64',
  size: { slug: 's-1vcpu-2gb', memoryMb: 2048, vcpus: 1, diskGb: 50 },
  region: 'fra1',
  userData: [
    '#cloud-config',
    JSON.stringify({
      ssh_keys: {
        ed25519_private: bootstrapHost.privateKey.reveal(),
        ed25519_public: bootstrapHost.publicKey,
      },
      runcmd: [...commands, `mkdir -p /var/lib/clusterkit && echo test >${ON_DROPLET.marker}`],
    }),
  ].join('\n'),
  sshPublicKeys: [login.publicKey],
  volumes,
  firewall: undefined,
});
