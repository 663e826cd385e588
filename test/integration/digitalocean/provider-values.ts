import { Droplet } from '@cdktf/provider-digitalocean/lib/droplet/index.js';
import { Firewall } from '@cdktf/provider-digitalocean/lib/firewall/index.js';
import { Project } from '@cdktf/provider-digitalocean/lib/project/index.js';
import { ProjectResources } from '@cdktf/provider-digitalocean/lib/project-resources/index.js';
import { DigitaloceanProvider } from '@cdktf/provider-digitalocean/lib/provider/index.js';
import { ReservedIp } from '@cdktf/provider-digitalocean/lib/reserved-ip/index.js';
import { ReservedIpAssignment } from '@cdktf/provider-digitalocean/lib/reserved-ip-assignment/index.js';
import { SshKey } from '@cdktf/provider-digitalocean/lib/ssh-key/index.js';
import { Tag } from '@cdktf/provider-digitalocean/lib/tag/index.js';
import { Volume } from '@cdktf/provider-digitalocean/lib/volume/index.js';
import { VolumeAttachment } from '@cdktf/provider-digitalocean/lib/volume-attachment/index.js';
import { type App, TerraformStack } from 'cdktf';
import { synthesizeText } from '../../support/synthesize-text.js';

/** A copy of the resource `it` of a type with other values laid over it; `null` takes one away. */
export interface Twist {
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly resource: Record<string, Record<string, object>>;
}

/**
 * `cdk.tf.json` with every argument of every resource, none of them a reference, and each twist as
 * `twist-` and its number.
 */
export function valueStack(twists: readonly Twist[] = []): object {
  const document = JSON.parse(withShortNames(synthesizeText(maximal))) as Document;
  for (const [i, { type, values }] of twists.entries()) {
    const named = document.resource[type];
    if (named) named[`twist-${i}`] = { ...named.it, ...values };
  }
  return document;
}

function maximal(app: App): TerraformStack {
  const stack = new TerraformStack(app, 'stack');
  new DigitaloceanProvider(stack, 'digitalocean', {
    token: 'none',
    apiEndpoint: 'http://127.0.0.1:9',
    spacesEndpoint: 'http://127.0.0.1:9',
    spacesAccessId: 'none',
    spacesSecretKey: 'none',
    requestsPerSecond: 10.5,
    httpRetryMax: 1,
    httpRetryWaitMin: 0.5,
    httpRetryWaitMax: 1.5,
  });
  const [urn, uuid, tags] = ['do:droplet:1', '11111111-2222-4333-8444-555555555555', ['a:b-c_d']];
  new SshKey(stack, 'ssh', {
    name: 'a',
    publicKey: 'ssh-ed25519 AAAA',
    timeouts: { create: '1m' },
  });
  new Tag(stack, 'tag', { name: 'a' });
  new Droplet(stack, 'droplet', {
    backups: true,
    dropletAgent: false,
    gracefulShutdown: true,
    image: '12345',
    ipv6: true,
    ipv6Address: '2001:db8::1',
    monitoring: true,
    name: 'a',
    privateNetworking: true,
    region: 'fra1',
    resizeDisk: false,
    size: 's-1vcpu-1gb',
    sshKeys: ['1', 'aa:bb'],
    tags,
    userData: '#cloud-config\n',
    volumeIds: [uuid],
    vpcUuid: uuid,
    backupPolicy: { hour: 4, plan: 'weekly', weekday: 'MON' },
    timeouts: { create: '1m', update: '1h30m', delete: '90s' },
  });
  new Volume(stack, 'volume', {
    description: 'a',
    initialFilesystemLabel: 'a',
    initialFilesystemType: 'xfs',
    name: 'a',
    region: 'fra1',
    size: 1,
    snapshotId: uuid,
    tags,
  });
  new Volume(stack, 'volume-of-old', {
    filesystemType: 'ext4',
    name: 'b',
    region: 'fra1',
    size: 1,
  });
  new VolumeAttachment(stack, 'attachment', { dropletId: 1, volumeId: uuid });
  new Firewall(stack, 'firewall', {
    dropletIds: [1],
    name: 'a',
    tags,
    inboundRule: [
      {
        portRange: '1-2',
        protocol: 'tcp',
        sourceAddresses: ['::/0'],
        sourceDropletIds: [1],
        sourceKubernetesIds: [uuid],
        sourceLoadBalancerUids: [uuid],
        sourceTags: tags,
      },
    ],
    outboundRule: [
      {
        destinationAddresses: ['::/0'],
        destinationDropletIds: [1],
        destinationKubernetesIds: [uuid],
        destinationLoadBalancerUids: [uuid],
        destinationTags: tags,
        portRange: 'all',
        protocol: 'udp',
      },
    ],
  });
  new ReservedIp(stack, 'ip', { dropletId: 1, ipAddress: '192.0.2.1', region: 'fra1' });
  new ReservedIpAssignment(stack, 'assignment', { dropletId: 1, ipAddress: '192.0.2.1' });
  new Project(stack, 'project', {
    description: 'a',
    environment: 'Production',
    isDefault: false,
    name: 'a',
    purpose: 'a',
    resources: [urn],
    timeouts: { delete: '1m' },
  });
  new ProjectResources(stack, 'resources', { project: uuid, resources: [urn] });
  return stack;
}

/** Gives the first resource of each type the name `it`. */
function withShortNames(text: string): string {
  const { resource, ...rest } = JSON.parse(text) as { resource: Record<string, object> };
  const renamed = Object.entries(resource).map(([type, byName]) => [
    type,
    Object.fromEntries(
      Object.entries(byName).map(([name, values], i) => [i === 0 ? 'it' : name, values]),
    ),
  ]);
  return JSON.stringify({ ...rest, resource: Object.fromEntries(renamed) });
}
