import { chmod } from 'node:fs/promises';
import { KitError } from '../../lib/errors.js';
import { Secret } from '../../lib/secret.js';
import { changedBy, type RegistryContext } from '../add-entry.js';
import { upsertEntryText } from '../file/edit-registry-text.js';
import { registryFileError } from '../file/file-errors.js';
import { parseRegistry } from '../file/parse-registry.js';
import type { ParsedRegistry } from '../file/parsed-registry.js';
import type { Registry } from '../file/read-registry.js';
import { registryFiles } from '../file/registry-files.js';
import { changeRegistry } from '../file/registry-transaction.js';
import { removeLeftovers } from '../file/temporary-files.js';
import type { NewEntry } from '../file/upsert-entry-text.js';
import type { DoctorFacts } from './doctor-facts.js';
import { wantedMode } from './file-findings.js';
import type { Finding } from './finding.js';
import { keyStateOf, unescaped } from './key-state.js';
import { redactedDiff } from './redacted-diff.js';

/**
 * Fixes what is safe to fix: modes, leftovers, entries that the shadow copy has, and escaped keys.
 * Changes nothing when there is nothing to fix.
 *
 * @returns a diff of the registry with secrets replaced; empty when its text did not change
 * @throws KitError `registry-locked`, disk and permission errors (exit 3)
 */
export async function repair(
  facts: DoctorFacts,
  findings: readonly Finding[],
  context: RegistryContext,
): Promise<string> {
  const wanted = new Set(findings.filter(({ fixable }) => fixable).map(({ code }) => code));
  for (const fact of facts.modes) {
    const mode = wantedMode(fact);
    if (mode !== undefined) await setMode(fact.path, mode);
  }
  if (wanted.has('lock-left') || wanted.has('temporary-left')) {
    await removeLeftovers(await registryFiles(facts.path), changedBy(context));
  }
  if (!TEXTUAL.some((code) => wanted.has(code))) return '';
  return changeRegistry(facts.path, changedBy(context), ({ parsed, registry }) => {
    const text = repairText(parsed, registry, facts.env);
    return { result: redactedDiff(facts.file, parsed.text, text), text };
  });
}

const setMode = (path: string, mode: number) =>
  chmod(path, mode).catch((error: unknown) => {
    throw registryFileError(path, 'change the mode of', error);
  });

const TEXTUAL = ['entry-erased', 'secret-erased', 'key-escaped'] as const;

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
