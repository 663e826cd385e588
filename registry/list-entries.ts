import { Secret } from '../lib/secret.js';
import type { RegistryWorld } from './add-entry.js';
import { askServers } from './ask-servers.js';
import { expandVariables } from './file/expand-variables.js';
import { isOurs } from './file/ownership.js';
import { type RegistryEntry, readRegistry } from './file/read-registry.js';
import type { EntryHealth } from './probe-entry.js';

/** One line of `cluster list`. Stable. */
export interface ListedEntry extends Omit<EntryHealth, 'online'> {
  readonly name: string;
  readonly host: string;
  /** `null`: nobody was asked. */
  readonly online: boolean | null;
  /** `ours`: the kit wrote it. */
  readonly origin: 'ours' | 'foreign';
}

/** What `cluster list` reports. Stable. */
export interface RegistryListing {
  readonly registry: string;
  readonly clusters: readonly ListedEntry[];
  /** A login to the hosted cloud is left in the file; the cloud itself is gone. */
  readonly cloudSession: boolean;
}

/** The world of {@link listEntries}. */
export interface ListWorld extends RegistryWorld {
  /** Where variables in the registry get their values. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Every entry of the registry and, unless `offline`, how its server is. */
export async function listEntries(offline: boolean, world: ListWorld): Promise<RegistryListing> {
  const { path, entries, owned, cloudSessionKey } = await readRegistry(world.registry);
  const health = offline
    ? undefined
    : await askServers(
        entries.map((entry) => expanded(entry, world.env)),
        world,
      );
  const clusters = entries.map((entry) => ({
    name: entry.name,
    host: entry.host,
    ...(health?.get(entry.name) ?? NOT_ASKED),
    origin: isOurs(entry, { recorded: owned.get(entry.name) })
      ? ('ours' as const)
      : ('foreign' as const),
  }));
  return { registry: path, clusters, cloudSession: cloudSessionKey !== undefined };
}

/** A variable without value stays, and shows as an address that is none, or a secret that is refused. */
function expanded({ name, host, clusterSecret }: RegistryEntry, env: ListWorld['env']) {
  const secret = clusterSecret && expandVariables(clusterSecret.reveal(), env);
  return {
    name,
    host: expandVariables(host, env) ?? host,
    clusterSecret: secret === undefined ? undefined : new Secret(secret),
  };
}

const NOT_ASKED = {
  online: null,
  version: null,
  generation: null,
  auth: 'unknown',
  latencyMs: null,
} as const;
