import { Secret } from '../lib/secret.js';
import { withoutSecrets } from '../lib/secret-shapes.js';
import type { RegistryContext } from './add-entry.js';
import { expandVariables } from './file/expand-variables.js';
import { isAsWritten } from './file/ownership.js';
import { type RegistryEntry, readRegistry } from './file/read-registry.js';
import { type EntryHealth, OFFLINE, probeServers } from './probe-entry.js';

/** One line of `cluster list`. Stable. */
export interface ListedEntry extends Omit<EntryHealth, 'online'> {
  readonly name: string;
  readonly host: string;
  /** `null`: the server was not asked. */
  readonly online: boolean | null;
  /** `ours`: the kit wrote the entry. */
  readonly origin: 'ours' | 'foreign';
}

/** Result of `cluster list`. Stable. */
export interface RegistryListing {
  readonly registry: string;
  readonly clusters: readonly ListedEntry[];
  /** The file has a session of the hosted cloud, which no longer exists. */
  readonly cloudSession: boolean;
}

/** Context of {@link listEntries}. */
export interface ListContext extends RegistryContext {
  /** Values for variables in the registry. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Every entry of the registry and, unless `offline`, the health of its server. */
export async function listEntries(
  offline: boolean,
  context: ListContext,
): Promise<RegistryListing> {
  const { path, entries, owned, cloudSessionKey } = await readRegistry(context.registry);
  const health = offline
    ? undefined
    : await probeServers(
        entries.map((entry) => expanded(entry, context.env)),
        context,
      );
  const clusters = entries.map((entry) => ({
    name: entry.name,
    host: withoutSecrets(entry.host),
    ...(health?.get(entry.name) ?? { ...OFFLINE, online: null }),
    origin: isAsWritten(entry, owned.get(entry.name)) ? ('ours' as const) : ('foreign' as const),
  }));
  return { registry: path, clusters, cloudSession: cloudSessionKey !== undefined };
}

/** A host with an unset variable stays as it is, and is reported as an invalid address. */
function expanded({ name, host, clusterSecret }: RegistryEntry, env: ListContext['env']) {
  const secret = clusterSecret && expandVariables(clusterSecret.reveal(), env);
  return {
    name,
    host: expandVariables(host, env) ?? host,
    clusterSecret: secret === undefined ? undefined : new Secret(secret),
  };
}
