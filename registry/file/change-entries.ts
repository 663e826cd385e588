import type { Secret } from '../../lib/secret.js';
import {
  removeCloudSessionText,
  removeEntryText,
  renameEntryText,
  upsertEntryText,
} from './edit-registry-text.js';
import {
  removeEntryCertificate,
  renameEntryCertificate,
  writeEntryCertificate,
} from './entry-certificate.js';
import { assertNoConflict, isOurs } from './ownership.js';
import { type ChangeOptions, changeRegistry } from './registry-transaction.js';
import type { ShadowEntry } from './shadow-copy.js';
import type { NewEntry } from './upsert-entry-text.js';

/** Result of {@link writeEntry}. */
export type WriteOutcome = 'added' | 'changed' | 'unchanged';

export interface WriteEntryOptions extends ChangeOptions {
  /** Overwrite a foreign entry of this name. @default false */
  readonly force?: boolean;
  /**
   * Certificate to trust the server by (PEM).
   * @default - the present one while the host stays the same, else public authorities
   */
  readonly certificate?: string | undefined;
}

/**
 * Adds `entry` to the registry at `path`, or updates it. An existing entry of this name must be ours: it
 * has the same secret, or the one that the kit wrote.
 *
 * @throws KitError `registry-conflict` (exit 2) when a foreign entry has the name; see
 *   {@link changeRegistry} for the rest
 */
export async function writeEntry(
  path: string,
  entry: NewEntry,
  options: WriteEntryOptions = {},
): Promise<WriteOutcome> {
  let isMoved = false;
  const outcome = await changeRegistry<WriteOutcome>(path, options, ({ registry, parsed, now }) => {
    if (!options.force) {
      assertNoConflict(registry, entry.name, entry.clusterSecret ? [entry.clusterSecret] : []);
    }
    const text = upsertEntryText(parsed, entry);
    const existed = parsed.entries.has(entry.name);
    const before = registry.entries.find(({ name }) => name === entry.name);
    isMoved = before?.host !== entry.host;
    const unchanged = text === parsed.text;
    return {
      result: unchanged ? 'unchanged' : existed ? 'changed' : 'added',
      text,
      ...withRecord(registry.owned, entry, now),
    };
  });
  const { certificate } = options;
  if (certificate !== undefined) await writeEntryCertificate(path, entry.name, certificate);
  else if (isMoved) await removeEntryCertificate(path, entry.name);
  return outcome;
}

/** The shadow copy with `entry`; nothing when it has the entry already. */
function withRecord(owned: ReadonlyMap<string, ShadowEntry>, entry: NewEntry, now: Date) {
  const old = owned.get(entry.name);
  const { host, clusterSecret } = entry;
  if (old?.host === host && old.clusterSecret?.reveal() === clusterSecret?.reveal()) return {};
  const record: ShadowEntry = {
    host,
    ...(clusterSecret ? { clusterSecret } : {}),
    since: now.toISOString(),
  };
  return { shadow: new Map([...owned, [entry.name, record]]) };
}

/** Result of {@link removeEntry}. `foreign`: an entry of that name is not ours, and stays. */
export type RemoveOutcome = 'removed' | 'absent' | 'foreign';

export interface RemoveEntryOptions extends ChangeOptions {
  /**
   * Keep a foreign entry: one that neither has one of these secrets nor is as the kit wrote it.
   * @default - remove the entry in any case
   */
  readonly onlyIfOurs?: { readonly secrets: readonly Secret[] };
}

/** Removes the entry `name` from the registry at `path`. A missing entry or file is no error. */
export async function removeEntry(
  path: string,
  name: string,
  options: RemoveEntryOptions = {},
): Promise<RemoveOutcome> {
  const outcome = await changeRegistry<RemoveOutcome>(path, options, ({ registry, parsed }) => {
    const entry = registry.entries.find((one) => one.name === name);
    const recorded = registry.owned.get(name);
    const shadow = new Map([...registry.owned].filter(([key]) => key !== name));
    const record = recorded ? { shadow } : {};
    if (entry && options.onlyIfOurs) {
      const ours = isOurs(entry, { ...options.onlyIfOurs, recorded });
      if (!ours) return { result: 'foreign', ...record };
    }
    if (!parsed.entries.has(name)) return { result: 'absent', ...record };
    return { result: 'removed', text: removeEntryText(parsed, name), ...record };
  });
  await removeEntryCertificate(path, name);
  return outcome;
}

/**
 * Renames the entry `from` to `to`; everything else of it stays.
 *
 * @throws KitError `no-such-entry` or `registry-conflict` (exit 2)
 */
export async function renameEntry(
  path: string,
  from: string,
  to: string,
  options: ChangeOptions = {},
): Promise<void> {
  await changeRegistry(path, options, ({ registry, parsed }) => {
    const text = renameEntryText(parsed, from, to);
    const record = registry.owned.get(from);
    if (record === undefined || from === to) return { result: undefined, text };
    const others = [...registry.owned].filter(([key]) => key !== from);
    return { result: undefined, text, shadow: new Map([...others, [to, record]]) };
  });
  await renameEntryCertificate(path, from, to);
}

/** Removes `cloudSessionKey`, and nothing else, from the registry at `path`. */
export async function removeCloudSession(
  path: string,
  options: ChangeOptions = {},
): Promise<'removed' | 'absent'> {
  return changeRegistry(path, options, ({ parsed }) => {
    const text = removeCloudSessionText(parsed);
    return { result: text === parsed.text ? 'absent' : 'removed', text };
  });
}
