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
import type { EntryOwner } from './entry-owner.js';
import { assertNoConflict, type Claim, digestOf, isOurs } from './ownership.js';
import type { Registry } from './read-registry.js';
import { type ChangeOptions, changeRegistry } from './registry-transaction.js';
import type { ShadowEntry } from './shadow-copy.js';
import type { NewEntry } from './upsert-entry-text.js';

/** Result of {@link writeEntry}. */
export type WriteOutcome = 'added' | 'changed' | 'unchanged';

export interface WriteEntryOptions extends ChangeOptions {
  /** Overwrite a foreign entry of this name. @default false */
  readonly force?: boolean;
  /** The cluster that writes its entry. @default - a person at work */
  readonly claimant?: EntryOwner | undefined;
  /**
   * Certificate to trust the server by (PEM).
   * @default - the present one while the host stays the same, else public authorities
   */
  readonly certificate?: string | undefined;
}

/**
 * Adds `entry` to the registry at `path`, or updates it. An existing entry of this name must be ours: see
 * {@link isOurs}.
 *
 * @throws KitError `registry-conflict` (exit 2) when a foreign entry has the name; see
 *   {@link changeRegistry} for the rest
 */
export async function writeEntry(
  path: string,
  entry: NewEntry,
  options: WriteEntryOptions = {},
): Promise<WriteOutcome> {
  const { claimant } = options;
  let isMoved = false;
  const outcome = await changeRegistry<WriteOutcome>(path, options, ({ registry, parsed, now }) => {
    const claim = { secrets: entry.clusterSecret ? [entry.clusterSecret] : [], owner: claimant };
    if (!options.force) assertNoConflict(registry, entry.name, claim);
    const text = upsertEntryText(parsed, entry);
    const existed = parsed.entries.has(entry.name);
    const before = registry.entries.find(({ name }) => name === entry.name);
    isMoved = before?.host !== entry.host;
    const unchanged = text === parsed.text;
    return {
      result: unchanged ? 'unchanged' : existed ? 'changed' : 'added',
      text,
      ...withRecord(registry, entry, now, claimant),
      ...withRetired(registry, entry, claimant),
    };
  });
  const { certificate } = options;
  if (certificate !== undefined) await writeEntryCertificate(path, entry.name, certificate);
  else if (isMoved) await removeEntryCertificate(path, entry.name);
  return outcome;
}

/** The shadow copy with `entry`; nothing when it has the entry already. */
function withRecord(
  { owned }: Pick<Registry, 'owned'>,
  entry: NewEntry,
  now: Date,
  writer: EntryOwner | undefined,
) {
  const old = owned.get(entry.name);
  const { host, clusterSecret } = entry;
  const isSameSecret = old?.clusterSecret?.reveal() === clusterSecret?.reveal();
  // Whoever writes the same secret again does not take the entry from its cluster.
  const owner = writer ?? (isSameSecret ? old?.owner : undefined);
  if (old?.host === host && isSameSecret && isSameOwner(old.owner, owner)) return {};
  const record: ShadowEntry = {
    host,
    ...(clusterSecret ? { clusterSecret } : {}),
    since: now.toISOString(),
    ...(owner && { owner }),
  };
  return { shadow: new Map([...owned, [entry.name, record]]) };
}

const isSameOwner = (a: EntryOwner | undefined, b: EntryOwner | undefined) =>
  a?.identity === b?.identity && a?.place === b?.place;

/** A cluster that replaces its secret needs the former one no more. */
function withRetired({ owned, retired }: Registry, entry: NewEntry, owner: EntryOwner | undefined) {
  const former = secretRecorded(owned.get(entry.name), owner);
  if (owner === undefined || former === undefined || former === entry.clusterSecret?.reveal())
    return {};
  return { retired: new Map([...retired, [digestOf(former), owner]]) };
}

/** A cluster that removes its entry may come back, and its key store may have lost the secret. */
function withReturnable({ owned, retired }: Registry, name: string, owner: EntryOwner | undefined) {
  const former = secretRecorded(owned.get(name), owner);
  if (owner === undefined || former === undefined) return {};
  const mark = [digestOf(former), { ...owner, mayReturn: true }] as const;
  return { retired: new Map([...retired, mark]) };
}

/** The secret in the record of an entry, if it is of the cluster `owner`. */
const secretRecorded = (record: ShadowEntry | undefined, owner: EntryOwner | undefined) =>
  record?.owner && record.owner.identity === owner?.identity
    ? record.clusterSecret?.reveal()
    : undefined;

/** Result of {@link removeEntry}. `foreign`: an entry of that name is not ours, and stays. */
export type RemoveOutcome = 'removed' | 'absent' | 'foreign';

export interface RemoveEntryOptions extends ChangeOptions {
  /**
   * Keep an entry that does not belong to this claimant, and its record.
   * @default - remove the entry in any case
   */
  readonly onlyIfOurs?: Claim;
}

/** Removes the entry `name` from the registry at `path`. A missing entry or file is no error. */
export async function removeEntry(
  path: string,
  name: string,
  options: RemoveEntryOptions = {},
): Promise<RemoveOutcome> {
  const outcome = await changeRegistry<RemoveOutcome>(path, options, ({ registry, parsed }) => {
    const entry = registry.entries.find((one) => one.name === name);
    const claim = options.onlyIfOurs;
    const isRecordOurs = claim === undefined || isOurRecord(registry, name, claim);
    const shadow = new Map([...registry.owned].filter(([key]) => key !== name));
    const record = isRecordOurs && registry.owned.has(name) ? { shadow } : {};
    if (entry && claim && !isOurs(entry, claim, registry)) return { result: 'foreign', ...record };
    const change = { ...record, ...withReturnable(registry, name, claim?.owner) };
    if (!parsed.entries.has(name)) return { result: 'absent', ...change };
    return { result: 'removed', text: removeEntryText(parsed, name), ...change, shadow };
  });
  if (outcome !== 'foreign') await removeEntryCertificate(path, name);
  return outcome;
}

/** Is the record of an entry the claimant's? An entry that was replaced by hand leaves one behind. */
function isOurRecord({ owned }: Registry, name: string, { secrets, owner }: Claim): boolean {
  const { owner: recorded, clusterSecret } = owned.get(name) ?? {};
  if (owner && recorded) return recorded.identity === owner.identity;
  if (owner === undefined) return recorded === undefined;
  return secrets.some((own) => own.reveal() === clusterSecret?.reveal());
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
