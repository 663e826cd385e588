import { KitError } from '../../lib/errors.js';
import { Secret } from '../../lib/secret.js';
import { upsertEntryText } from '../file/edit-registry-text.js';
import type { ParsedRegistry } from '../file/parse-registry.js';
import { parseRegistry } from '../file/parse-registry.js';
import type { Registry } from '../file/read-registry.js';
import type { NewEntry } from '../file/upsert-entry-text.js';
import type { DoctorFacts } from './doctor-facts.js';
import { keyStateOf, unescaped } from './key-state.js';

/**
 * Repairs the text of a registry: restores entries and secrets that another tool deleted from the
 * shadow copy, and gives escaped keys real line breaks. An entry that cannot be edited alone stays as it
 * is. Everything else stays byte for byte.
 */
export function repairText(
  parsed: ParsedRegistry,
  registry: Registry,
  env: DoctorFacts['env'],
): string {
  let current = parsed;
  for (const entry of repairedEntries(registry, env)) {
    try {
      const text = upsertEntryText(current, entry);
      if (text !== current.text) current = parseRegistry(text, registry.path);
    } catch (error) {
      // The entry cannot be edited alone, for example because of an anchor. Its finding remains.
      if (!(error instanceof KitError)) throw error;
    }
  }
  return current.text;
}

function repairedEntries(
  { entries, broken, owned }: Registry,
  env: DoctorFacts['env'],
): NewEntry[] {
  const present = new Set([...entries, ...broken].map(({ name }) => name));
  const erased = [...owned]
    .filter(([name]) => !present.has(name))
    .map(([name, { host, clusterSecret }]) => ({
      name,
      host,
      clusterSecret: sound(clusterSecret, env),
    }));
  const damaged = entries.flatMap(({ name, host, clusterSecret }): NewEntry[] => {
    const recorded = owned.get(name);
    if (clusterSecret === undefined) {
      if (recorded?.clusterSecret === undefined || recorded.host !== host) return [];
      return [{ name, host, clusterSecret: sound(recorded.clusterSecret, env) }];
    }
    const better = sound(clusterSecret, env);
    return better === clusterSecret ? [] : [{ name, host, clusterSecret: better }];
  });
  return [...erased, ...damaged];
}

/** The secret with real line breaks. Variables in it stay variables. */
function sound(secret: Secret | undefined, env: DoctorFacts['env']): Secret | undefined {
  const state = keyStateOf(secret, env);
  if (secret === undefined || state.kind !== 'escaped' || !state.inFile) return secret;
  return new Secret(unescaped(secret.reveal()));
}
