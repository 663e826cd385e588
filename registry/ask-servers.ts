import pLimit from 'p-limit';
import type { Secret } from '../lib/secret.js';
import { newForeignCredentials } from '../prisma/tokens/foreign-credentials.js';
import { knownTrust } from './entry-trust.js';
import { type EntryHealth, OFFLINE, probeEntry } from './probe-entry.js';

/** A server to ask: an entry with its variables replaced. */
export interface ServerToAsk {
  readonly name: string;
  readonly host: string;
  readonly clusterSecret?: Secret | undefined;
}

/** One bound over all servers together. */
const BOUND_MS = 3000;
/** Servers asked at a time. */
const AT_ONCE = 64;

/** Asks all servers in parallel, with one bound over all of them. @returns their health by name */
export async function askServers(
  servers: readonly ServerToAsk[],
  {
    registry,
    now,
    signal,
  }: { readonly registry: string; readonly now: () => Date; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, EntryHealth>> {
  if (servers.length === 0) return new Map();
  const bound = AbortSignal.any([signal, AbortSignal.timeout(BOUND_MS)]);
  const foreignCredentials = await newForeignCredentials();
  const limit = pLimit(AT_ONCE);
  const ask = async ({ name, host, clusterSecret }: ServerToAsk): Promise<EntryHealth> => {
    if (bound.aborted) return { ...OFFLINE, message: `no time left of ${BOUND_MS} ms to ask it` };
    const trust = await knownTrust(registry, name);
    return probeEntry({
      host,
      trust,
      clusterSecret,
      foreignCredentials,
      now: now(),
      signal: bound,
    });
  };
  const found = await Promise.all(
    servers.map((server) => limit(async () => [server.name, await ask(server)] as const)),
  );
  signal.throwIfAborted();
  return new Map(found);
}
