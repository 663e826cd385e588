import { assertNoConflict } from './assert-no-conflict.js';
import { upsertEntryText } from './edit-registry-text.js';
import { removeEntryCertificate, writeEntryCertificate } from './entry-certificate.js';
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
