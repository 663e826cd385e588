import pLimit from 'p-limit';
import { newStrangers, type Strangers } from '../../prisma/tokens/strangers.js';
import { knownTrust } from '../entry-trust.js';
import { expandVariables } from '../file/expand-variables.js';
import type { RegistryEntry } from '../file/read-registry.js';
import { type EntryHealth, OFFLINE, probeEntry } from '../probe-entry.js';
import type { DoctorFacts } from './doctor-facts.js';

/** What asking takes. */
export interface ServerQuestions {
  /** Path of the registry. */
  readonly registry: string;
  readonly entries: readonly RegistryEntry[];
  readonly env: DoctorFacts['env'];
  readonly keys: DoctorFacts['keys'];
  readonly now: Date;
  readonly signal: AbortSignal;
  /** For all servers together. @default 3000 */
  readonly boundMs?: number;
}

/** Servers asked at a time. */
const AT_ONCE = 64;

/** Asks the servers of all entries that have an address, in parallel, with one bound over all. */
export async function askServers(
  props: ServerQuestions,
): Promise<ReadonlyMap<string, EntryHealth>> {
  const { entries, signal, boundMs = 3000 } = props;
  const bound = AbortSignal.any([signal, AbortSignal.timeout(boundMs)]);
  const asked = entries.flatMap((entry) => {
    const host = expandVariables(entry.host, props.env);
    return host !== undefined && /^https?:/i.test(host) && URL.canParse(host)
      ? [{ ...entry, host }]
      : [];
  });
  if (asked.length === 0) return new Map();
  const strangers = await newStrangers();
  const limit = pLimit(AT_ONCE);
  const found = await Promise.all(
    asked.map((entry) =>
      limit(async () => [entry.name, await ask(entry, strangers, bound, props)] as const),
    ),
  );
  signal.throwIfAborted();
  return new Map(found);
}

async function ask(
  { name, host, clusterSecret }: RegistryEntry,
  strangers: Strangers,
  signal: AbortSignal,
  { registry, keys, now, boundMs = 3000 }: ServerQuestions,
): Promise<EntryHealth> {
  if (signal.aborted) return { ...OFFLINE, message: `no time left of ${boundMs} ms to ask it` };
  const state = keys.get(name);
  // With its line breaks put right the key shows whether the server knows it.
  const usable = state && 'usable' in state ? state.usable : clusterSecret;
  const trust = await knownTrust(registry, name);
  return probeEntry({ host, trust, clusterSecret: usable, strangers, now, signal });
}
