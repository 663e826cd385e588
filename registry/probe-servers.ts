import pLimit from 'p-limit';
import type { Secret } from '../lib/secret.js';
import { newForeignCredentials } from '../prisma/tokens/foreign-credentials.js';
import { knownTrust } from './entry-trust.js';
import { type EntryHealth, OFFLINE, probeEntry } from './probe-entry.js';

/** A server to probe: an entry with its variables replaced. */
export interface ServerToProbe {
  readonly name: string;
  readonly host: string;
  readonly clusterSecret?: Secret | undefined;
}

/** Timeout for all servers together. */
const TIMEOUT_MS = 3000;
/** Parallel requests. */
const AT_ONCE = 64;

/** Probes all servers in parallel, within one timeout. @returns their health by name */
export async function probeServers(
  servers: readonly ServerToProbe[],
  {
    registry,
    now,
    signal,
  }: { readonly registry: string; readonly now: () => Date; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, EntryHealth>> {
  if (servers.length === 0) return new Map();
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const foreignCredentials = await newForeignCredentials();
  const limit = pLimit(AT_ONCE);
  const ask = async ({ name, host, clusterSecret }: ServerToProbe): Promise<EntryHealth> => {
    if (timeout.aborted)
      return {
        ...OFFLINE,
        message: `the time limit of ${TIMEOUT_MS} ms was reached before it was asked`,
      };
    const trust = await knownTrust(registry, name);
    return probeEntry({
      host,
      trust,
      clusterSecret,
      foreignCredentials,
      now: now(),
      signal: timeout,
    });
  };
  const found = await Promise.all(
    servers.map((server) => limit(async () => [server.name, await ask(server)] as const)),
  );
  signal.throwIfAborted();
  return new Map(found);
}
