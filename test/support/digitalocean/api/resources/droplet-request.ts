import { z } from 'zod';
import { unprocessable } from '../api-error.js';
import type { Image } from '../catalog/images.js';
import { REGIONS } from '../catalog/regions.js';
import { SIZES, type Size } from '../catalog/sizes.js';
import { bodyOf } from '../request-body.js';
import type { Call } from '../route.js';
import type { BackupPolicy, SshKey, Volume, Vpc } from '../state.js';
import type { World } from '../world.js';
import { backupPolicyBody, policyOf } from './backup-policy.js';
import { findKey } from './ssh-keys.js';
import { tagNames } from './tag-names.js';
import { imageOf } from './views.js';
import { defaultVpc } from './vpcs.js';

const MOST_USER_DATA_BYTES = 64 * 1024;

const flag = z.boolean().nullish();
const creation = z.object({
  name: z.string().nullish(),
  region: z.string().nullish(),
  size: z.unknown().optional(),
  image: z.unknown().optional(),
  ssh_keys: z.array(z.union([z.string(), z.number()])).nullish(),
  backups: flag,
  backup_policy: backupPolicyBody,
  monitoring: flag,
  user_data: z.string().nullish(),
  volumes: z.array(z.union([z.string(), z.object({ id: z.string() })])).nullish(),
  tags: tagNames.nullish(),
  vpc_uuid: z.string().nullish(),
});

/** A creation request in which everything was found. */
export interface DropletRequest {
  readonly name: string;
  readonly region: string;
  readonly size: Size;
  readonly image: Image;
  readonly keys: readonly SshKey[];
  readonly volumes: readonly Volume[];
  readonly vpc: Vpc;
  readonly tags: readonly string[];
  readonly features: readonly string[];
  readonly backupPolicy: BackupPolicy | undefined;
  readonly userData: string | undefined;
}

/** Reads a creation request and checks it against the account and the catalog. Errors: 403, 422. */
export function dropletRequest(world: World, call: Call): DropletRequest {
  const body = bodyOf(creation, call.body);
  if (body.tags?.length) call.need('tag:create');
  if (body.ssh_keys?.length) call.need('ssh_key:read');
  if (body.volumes?.length) call.need('block_storage:read');
  const name = body.name ?? '';
  checkName(name);
  const size = SIZES.find(({ slug }) => slug === body.size);
  if (!size) throw unprocessable('You specified an invalid size for Droplet creation.');
  const image = imageOf(body.image as string | number);
  if (!image) throw unprocessable('You specified an invalid image for Droplet creation.');
  const region = regionFor(body.region ?? undefined, size);
  if (image.min_disk_size > size.disk) {
    throw unprocessable('The image you specified needs a bigger disk than this size has.');
  }
  if (Buffer.byteLength(body.user_data ?? '') > MOST_USER_DATA_BYTES) {
    throw unprocessable('User data is too long (maximum is 64 KiB)');
  }
  if (world.state.droplets.size >= world.account.dropletLimit) {
    throw unprocessable('creating this/these droplet(s) will exceed your droplet limit');
  }
  return {
    name,
    region,
    size,
    image,
    keys: keysFor(world, body.ssh_keys ?? []),
    volumes: volumesFor(world, region, body.volumes ?? []),
    vpc: vpcFor(world, region, body.vpc_uuid ?? undefined),
    tags: body.tags ?? [],
    features: [
      ...(body.backups ? ['backups'] : []),
      ...(body.monitoring ? ['monitoring'] : []),
      'private_networking',
    ],
    backupPolicy: body.backups ? policyOf(body.backup_policy) : undefined,
    userData: body.user_data ?? undefined,
  };
}

/** Throws 422 for what is no host name. */
export function checkName(name: string): void {
  if (name === '') throw unprocessable("Name can't be blank");
  if (name.length > 255) throw unprocessable('Name is too long (maximum is 255 characters)');
  if (!/^[a-zA-Z0-9]?[a-z0-9A-Z.-]*[a-z0-9A-Z]$/.test(name)) {
    throw unprocessable('Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)');
  }
}

function regionFor(wanted: string | undefined, size: Size): string {
  const region = REGIONS.find(({ slug }) => slug === wanted);
  if (!region) throw unprocessable('You specified an invalid region for Droplet creation.');
  if (!region.available) throw unprocessable('Region is not available');
  if (!size.regions.includes(region.slug)) {
    throw unprocessable('Size is not available in this region.');
  }
  return region.slug;
}

function keysFor(world: World, wanted: readonly (string | number)[]): SshKey[] {
  const found = wanted.map((id) => ({ id, key: findKey(world, id) }));
  const missing = found.filter(({ key }) => !key).map(({ id }) => id);
  if (missing.length > 0) {
    throw unprocessable(`${missing.join(', ')} are invalid key identifiers for Droplet creation.`);
  }
  return found.flatMap(({ key }) => (key ? [key] : []));
}

function volumesFor(world: World, region: string, wanted: readonly (string | { id: string })[]) {
  return wanted.map((one) => {
    const id = typeof one === 'string' ? one : one.id;
    const volume = world.state.volumes.get(id);
    if (!volume) throw unprocessable(`volume ${id} does not exist`);
    if (volume.region !== region) {
      throw unprocessable('Droplet and volume must be in the same region');
    }
    if (volume.dropletId !== undefined) {
      throw unprocessable('This volume is already attached to a Droplet');
    }
    return volume;
  });
}

function vpcFor(world: World, region: string, id: string | undefined): Vpc {
  if (id === undefined) return defaultVpc(world, region);
  const vpc = world.state.vpcs.get(id);
  if (!vpc) throw unprocessable('VPC not found');
  if (vpc.region !== region) throw unprocessable('VPC is not in the same region as the Droplet');
  return vpc;
}
