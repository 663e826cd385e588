import { createHash, createPublicKey } from 'node:crypto';
import { usageError } from '../../lib/errors.js';
import { fingerprintOfDer } from '../../lib/fingerprint.js';
import type { Secret } from '../../lib/secret.js';
import type { EntryOwner } from './entry-owner.js';
import type { Registry, RegistryEntry } from './read-registry.js';
import type { ShadowEntry } from './shadow-copy.js';

/** What a caller can show to claim an entry. */
export interface Claim {
  /** Keys or shared secrets of its cluster. */
  readonly secrets: readonly Secret[];
  /** @default - a person at work: no cluster of a project */
  readonly owner?: EntryOwner | undefined;
}

/** Is the entry as the kit wrote it? Compares its secret; the host, when it has none. */
export function isAsWritten(entry: RegistryEntry, recorded: ShadowEntry | undefined): boolean {
  if (recorded === undefined) return false;
  const [found, written] = [entry.clusterSecret?.reveal(), recorded.clusterSecret?.reveal()];
  if (found === undefined || written === undefined) return entry.host === recorded.host;
  return sameSecret(found, written);
}

/**
 * Does the entry belong to the claimant? The record names the owner of an entry that is as the kit wrote it.
 * Without an owner (made by a person, by another tool, or by a version before identities) the secret decides:
 * who has it loses nothing. A person may also change what a person has added before.
 */
export function isOurs(
  entry: RegistryEntry,
  { secrets, owner }: Claim,
  { owned, retired }: Pick<Registry, 'owned' | 'retired'>,
): boolean {
  const recorded = owned.get(entry.name);
  const isRecorded = isAsWritten(entry, recorded);
  if (isRecorded && owner && recorded?.owner) return isSame(recorded.owner, owner);
  const found = entry.clusterSecret?.reveal();
  if (found !== undefined && secrets.some((own) => sameSecret(found, own.reveal()))) return true;
  if (owner === undefined) return isRecorded && recorded?.owner === undefined;
  const former = found === undefined ? undefined : retired.get(digestOf(found));
  return former !== undefined && (isSame(former, owner) || former.place === owner.place);
}

const isSame = (one: EntryOwner, other: EntryOwner) => one.identity === other.identity;

/** Identifies a secret in the list of those that no cluster uses any more. */
export const digestOf = (secret: string): string =>
  createHash('sha256').update(secret.trim()).digest('hex');

function sameSecret(a: string, b: string): boolean {
  if (a === b) return true;
  const half = publicHalf(a);
  return half !== undefined && publicHalf(b)?.equals(half) === true;
}

/**
 * The public half of a private key (or a public key itself) as SPKI DER; undefined for a secret that is
 * not an RSA key. Line breaks may be LF, CRLF, or the letters `\n`.
 */
function publicHalf(secret: string): Buffer | undefined {
  try {
    const pem = secret.replace(/\\r/g, '').replace(/\\n/g, '\n').trim();
    return createPublicKey(pem).export({ type: 'spki', format: 'der' });
  } catch {
    return undefined;
  }
}

/** SHA-256 of the public half, as OpenSSH prints it: `SHA256:…`. Undefined without a public half. */
export function fingerprint(secret: string): string | undefined {
  const half = publicHalf(secret);
  return half && fingerprintOfDer(half);
}

/**
 * Rejects a name that an entry of somebody else has. Call it before anything is created.
 * @throws KitError `registry-conflict` (exit 2)
 */
export function assertNoConflict(registry: Registry, name: string, claim: Claim): void {
  const entry = registry.entries.find((one) => one.name === name);
  if (!entry || isOurs(entry, claim, registry)) return;
  const rename = `clusterkit cluster rename ${name} NEW-NAME`;
  throw usageError('registry-conflict', {
    path: `${registry.path}:${entry.line}`,
    message: `The registry already has another cluster '${name}' (${entry.host}), ${makerOf(entry, registry)}.`,
    hint:
      claim.owner === undefined
        ? `Rename the other one: ${rename}. Or overwrite it with --force.`
        : `Give this cluster another name in clusters.yml; or rename the other one: ${rename}; or, if nobody needs it: clusterkit cluster remove ${name}.`,
  });
}

/** Who made an entry, as the end of a sentence. */
export function makerOf(entry: RegistryEntry, { owned }: Pick<Registry, 'owned'>): string {
  const recorded = owned.get(entry.name);
  if (!isAsWritten(entry, recorded)) return 'not written by clusterkit';
  if (recorded?.owner === undefined) return 'added with clusterkit';
  return `of the project with ${recorded.owner.place}`;
}
