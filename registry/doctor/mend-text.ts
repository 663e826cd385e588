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
 * The text of a registry with what is safe to mend in it mended: entries and secrets that another
 * tool erased come back from the shadow copy, keys written as backslashes get line breaks. An entry
 * that the layout does not allow to touch stays as it is; so does everything else, byte for byte.
 */
export function mendText(
  parsed: ParsedRegistry,
  registry: Registry,
  env: DoctorFacts['env'],
): string {
  let current = parsed;
  for (const entry of mendedEntries(registry, env)) {
    try {
      const text = upsertEntryText(current, entry);
      if (text !== current.text) current = parseRegistry(text, registry.path);
    } catch (error) {
      // Anchors and aliases, perhaps: the finding remains, and says so again.
      if (!(error instanceof KitError)) throw error;
    }
  }
  return current.text;
}

function mendedEntries({ entries, broken, owned }: Registry, env: DoctorFacts['env']): NewEntry[] {
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

/** With line breaks in place of backslashes. Variables in it stay variables. */
function sound(secret: Secret | undefined, env: DoctorFacts['env']): Secret | undefined {
  const state = keyStateOf(secret, env);
  if (secret === undefined || state.kind !== 'escaped' || !state.inFile) return secret;
  return new Secret(unescaped(secret.reveal()));
}
