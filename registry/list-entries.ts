import pLimit from 'p-limit';
import { Secret } from '../lib/secret.js';
import { newStrangers } from '../prisma/tokens/strangers.js';
import type { RegistryWorld } from './add-entry.js';
import { knownTrust } from './entry-trust.js';
import { expandVariables } from './file/expand-variables.js';
import { isOurs } from './file/ownership.js';
import { type RegistryEntry, readRegistry } from './file/read-registry.js';
import { type EntryHealth, probeEntry } from './probe-entry.js';

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

/** One bound over all servers together. */
const ASK_MS = 3000;
const AT_ONCE = 64;

/** The world of {@link listEntries}. */
export interface ListWorld extends RegistryWorld {
  /** Where variables in the registry get their values. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Every entry of the registry and, unless `offline`, how its server is. */
export async function listEntries(offline: boolean, world: ListWorld): Promise<RegistryListing> {
  const { path, entries, owned, cloudSessionKey } = await readRegistry(world.registry);
  const health = offline ? entries.map(() => NOT_ASKED) : await askAll(entries, world);
  const clusters = entries.map((entry, i) => ({
    name: entry.name,
    host: entry.host,
    ...(health[i] ?? NOT_ASKED),
    origin: isOurs(entry, { recorded: owned.get(entry.name) })
      ? ('ours' as const)
      : ('foreign' as const),
  }));
  return { registry: path, clusters, cloudSession: cloudSessionKey !== undefined };
}

async function askAll(
  entries: readonly RegistryEntry[],
  { now, signal, env, registry }: ListWorld,
): Promise<EntryHealth[]> {
  if (entries.length === 0) return [];
  const bound = AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]);
  const strangers = await newStrangers();
  const limit = pLimit(AT_ONCE);
  return Promise.all(
    entries.map((entry) => {
      const { host, clusterSecret } = expanded(entry, env);
      return limit(async () => {
        const trust = await knownTrust(registry, entry.name);
        return probeEntry({ host, trust, clusterSecret, strangers, now: now(), signal: bound });
      });
    }),
  );
}

/** A variable without value stays, and shows as an address that is none, or a secret that is refused. */
function expanded({ host, clusterSecret }: RegistryEntry, env: ListWorld['env']) {
  const secret = clusterSecret && expandVariables(clusterSecret.reveal(), env);
  return {
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
