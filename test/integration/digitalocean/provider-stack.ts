import { Droplet, type DropletConfig } from '@cdktf/provider-digitalocean/lib/droplet/index.js';
import { Firewall, type FirewallConfig } from '@cdktf/provider-digitalocean/lib/firewall/index.js';
import { Project } from '@cdktf/provider-digitalocean/lib/project/index.js';
import { ProjectResources } from '@cdktf/provider-digitalocean/lib/project-resources/index.js';
import {
  DigitaloceanProvider,
  type DigitaloceanProviderConfig,
} from '@cdktf/provider-digitalocean/lib/provider/index.js';
import { ReservedIp } from '@cdktf/provider-digitalocean/lib/reserved-ip/index.js';
import { ReservedIpAssignment } from '@cdktf/provider-digitalocean/lib/reserved-ip-assignment/index.js';
import { SshKey } from '@cdktf/provider-digitalocean/lib/ssh-key/index.js';
import { Tag } from '@cdktf/provider-digitalocean/lib/tag/index.js';
import { Volume } from '@cdktf/provider-digitalocean/lib/volume/index.js';
import { VolumeAttachment } from '@cdktf/provider-digitalocean/lib/volume-attachment/index.js';
import { TerraformStack, Token } from 'cdktf';
import type { Construct } from 'constructs';

/** What a test varies. */
export interface StackProps {
  readonly provider?: DigitaloceanProviderConfig;
  readonly keyName?: string;
  readonly droplet?: Partial<DropletConfig>;
  readonly firewall?: Partial<FirewallConfig>;
  readonly volumeSize?: number;
  /** Of the project. */
  readonly description?: string;
  /** Only a key and a droplet. @default false */
  readonly minimal?: boolean;
}

export const PUBLIC_KEY = `ssh-ed25519 ${Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from('ssh-ed25519'),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32, 7),
]).toString('base64')} ck-test`;

export const USER_DATA = '#cloud-config\nhostname: first\n';
export const USER_DATA_SHA1 = '194c3d2d47763e08824ce89327e583dfa648ed8d';
export const MINIMAL = { minimal: true } as const;

/** Each of the resources that the stand-in has, as one that uses them all would write them. */
export class ProviderStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id);
    new DigitaloceanProvider(this, 'digitalocean', props.provider);
    const tag = props.minimal ? undefined : new Tag(this, 'tag', { name: 'ck-test:one' });
    const key = new SshKey(this, 'key', {
      name: props.keyName ?? 'ck-test',
      // With an end of line, as a file has it.
      publicKey: `${PUBLIC_KEY}\n`,
    });
    const droplet = new Droplet(this, 'droplet', {
      name: 'ck-test',
      image: 'ubuntu-24-04-x64',
      region: 'fra1',
      size: 's-1vcpu-2gb',
      sshKeys: [key.id],
      userData: USER_DATA,
      monitoring: true,
      timeouts: { create: '2m', update: '2m', delete: '1m' },
      ...(tag && { tags: [tag.name] }),
      ...props.droplet,
    });
    if (tag === undefined) return;
    const volume = new Volume(this, 'volume', {
      region: 'FRA1',
      name: 'ck-test',
      size: props.volumeSize ?? 10,
      initialFilesystemType: 'ext4',
      tags: [tag.name],
    });
    const dropletId = Token.asNumber(droplet.id);
    new VolumeAttachment(this, 'attachment', { dropletId, volumeId: volume.id });
    new Firewall(this, 'firewall', {
      name: 'ck-test',
      tags: [tag.name],
      inboundRule: [
        { protocol: 'tcp', portRange: '22', sourceAddresses: ['203.0.113.7/32', '2001:db8::/64'] },
        { protocol: 'tcp', portRange: '4466-4467', sourceAddresses: ['203.0.113.7'] },
        { protocol: 'icmp', sourceAddresses: ['0.0.0.0/0'] },
      ],
      outboundRule: [
        { protocol: 'tcp', portRange: 'all', destinationAddresses: ['0.0.0.0/0', '::/0'] },
      ],
      ...props.firewall,
    });
    const assigned = new ReservedIp(this, 'assigned-ip', { region: 'fra1' });
    new ReservedIpAssignment(this, 'assignment', { ipAddress: assigned.ipAddress, dropletId });
    new Project(this, 'project', {
      name: 'ck-test',
      description: props.description ?? 'a project',
      purpose: 'Service or API',
      resources: [volume.urn],
    });
    // The address goes where its droplet is.
    const other = new Project(this, 'other-project', { name: 'ck-test-other' });
    new ProjectResources(this, 'resources', { project: other.id, resources: [droplet.urn] });
  }
}
