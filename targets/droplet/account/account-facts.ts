import pLimit from 'p-limit';
import * as answers from '../../../clients/digitalocean/answers.js';
import type { Api } from '../../../clients/digitalocean/api.js';
import { hasStatus } from '../../../clients/digitalocean/api-error.js';
import {
  type Database,
  type DatabaseOptions,
  database,
  databaseOptionsAnswer,
} from '../../../clients/digitalocean/database-answers.js';
import type { DropletSettings } from '../settings.js';

/** Facts about an account that the token may read; `undefined`: it may not. */
export interface AccountFacts {
  readonly regions: readonly answers.Region[] | undefined;
  readonly sizes: readonly answers.Size[] | undefined;
  /** `null`: there is no such image. */
  readonly image: answers.Image | null | undefined;
  /** `null`: there is no such network, or none was requested. */
  readonly vpc: answers.Vpc | null | undefined;
  /** The managed databases on offer; `null`: not requested. */
  readonly databases: DatabaseOptions | null | undefined;
  readonly objects: AccountObjects;
  /** Scopes that the token lacks for reading. */
  readonly missingScopes: readonly string[];
}

/** All objects of the account that the kit may have created. */
export interface AccountObjects {
  readonly droplets: readonly answers.Droplet[] | undefined;
  readonly volumes: readonly answers.Volume[] | undefined;
  readonly firewalls: readonly answers.Firewall[] | undefined;
  readonly keys: readonly answers.SshKey[] | undefined;
  readonly reservedIps: readonly answers.ReservedIp[] | undefined;
  readonly projects: readonly answers.Project[] | undefined;
  readonly tags: readonly answers.Tag[] | undefined;
  readonly databases: readonly Database[] | undefined;
}

const AT_ONCE = 4;

type Read = <T>(scope: string, work: () => Promise<T>) => Promise<T | undefined>;

/** Returns a function that reads, and records the scope when that is forbidden. */
function reader(missing: Set<string>): Read {
  const limit = pLimit(AT_ONCE);
  return (scope, work) =>
    limit(async () => {
      try {
        return await work();
      } catch (error) {
        if (!hasStatus(error, 403)) throw error;
        missing.add(scope);
        return undefined;
      }
    });
}

/** Reads the {@link AccountObjects}, and returns the missing scopes too. */
export async function readAccountObjects(
  api: Api,
): Promise<AccountObjects & { readonly missingScopes: readonly string[] }> {
  const missing = new Set<string>();
  const objects = await objectsBy(reader(missing), api);
  return { ...objects, missingScopes: [...missing] };
}

/** Reads the catalog and the existing objects of an account. */
export async function readAccountFacts(
  api: Api,
  settings: Pick<DropletSettings, 'image' | 'vpc' | 'database'>,
): Promise<AccountFacts> {
  const missing = new Set<string>();
  const read = reader(missing);
  const [regions, sizes, image, vpc, databases, objects] = await Promise.all([
    read('regions:read', () => api.list('/v2/regions', 'regions', answers.region)),
    read('sizes:read', () => api.list('/v2/sizes', 'sizes', answers.size)),
    read('image:read', () => ifThere(imageOf(api, settings.image))),
    read('vpc:read', async () =>
      settings.vpc === undefined ? null : ifThere(vpcOf(api, settings.vpc)),
    ),
    read('database:read', async () =>
      settings.database.managed === undefined ? null : optionsOf(api),
    ),
    objectsBy(read, api),
  ]);
  return { regions, sizes, image, vpc, databases, objects, missingScopes: [...missing] };
}

async function objectsBy(read: Read, api: Api): Promise<AccountObjects> {
  const [droplets, volumes, firewalls, keys, reservedIps, projects, tags, databases] =
    await Promise.all([
      read('droplet:read', () => api.list('/v2/droplets', 'droplets', answers.droplet)),
      read('block_storage:read', () => api.list('/v2/volumes', 'volumes', answers.volume)),
      read('firewall:read', () => api.list('/v2/firewalls', 'firewalls', answers.firewall)),
      read('ssh_key:read', () => api.list('/v2/account/keys', 'ssh_keys', answers.sshKey)),
      read('reserved_ip:read', () =>
        api.list('/v2/reserved_ips', 'reserved_ips', answers.reservedIp),
      ),
      read('project:read', () => api.list('/v2/projects', 'projects', answers.project)),
      read('tag:read', () => api.list('/v2/tags', 'tags', answers.tag)),
      read('database:read', () => api.list('/v2/databases', 'databases', database)),
    ]);
  return { droplets, volumes, firewalls, keys, reservedIps, projects, tags, databases };
}

const imageOf = async (api: Api, image: string) =>
  (await api.get(`/v2/images/${encodeURIComponent(image)}`, answers.imageAnswer)).image;

const vpcOf = async (api: Api, id: string) =>
  (await api.get(`/v2/vpcs/${encodeURIComponent(id)}`, answers.vpcAnswer)).vpc;

const optionsOf = async (api: Api) =>
  (await api.get('/v2/databases/options', databaseOptionsAnswer)).options;

async function ifThere<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (hasStatus(error, 404)) return null;
    throw error;
  }
}
