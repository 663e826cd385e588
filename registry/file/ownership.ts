import { createPublicKey } from 'node:crypto';
import { usageError } from '../../lib/errors.js';
import { fingerprintOfDer } from '../../lib/fingerprint.js';
import type { Secret } from '../../lib/secret.js';
import type { Registry, RegistryEntry } from './read-registry.js';
import type { ShadowEntry } from './shadow-copy.js';

/**
 * Is `entry` ours? It is when its secret belongs to our cluster, or when it still has the secret that the
 * kit wrote (the host, when it wrote none). An entry that another tool has overwritten is foreign.
 */
export function isOurs(
  entry: RegistryEntry,
  {
    secrets = [],
    recorded,
  }: {
    /** Keys or shared secrets of our cluster. */
    readonly secrets?: readonly Secret[];
    /** The kit's record of an entry of this name. */
    readonly recorded?: ShadowEntry | undefined;
  },
): boolean {
  const secret = entry.clusterSecret?.reveal();
  const isSecret = (own: string) => secret !== undefined && sameSecret(secret, own);
  if (secrets.some((own) => isSecret(own.reveal()))) return true;
  if (recorded === undefined) return false;
  const written = recorded.clusterSecret?.reveal();
  if (secret === undefined || written === undefined) return entry.host === recorded.host;
  return isSecret(written);
}

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
 * Rejects a name that a foreign entry has. Call it before anything is created.
 *
 * @param secrets of the cluster that gets the name
 * @throws KitError `registry-conflict` (exit 2)
 */
export function assertNoConflict(
  registry: Registry,
  name: string,
  secrets: readonly Secret[],
): void {
  const entry = registry.entries.find((one) => one.name === name);
  if (!entry || isOurs(entry, { secrets, recorded: registry.owned.get(name) })) return;
  throw usageError('registry-conflict', {
    path: `${registry.path}:${entry.line}`,
    message: `The registry already has another cluster '${name}' (${entry.host}).`,
    hint: `Rename the other one: clusterkit cluster rename ${name} NEW-NAME. Or overwrite it with --force.`,
  });
}
