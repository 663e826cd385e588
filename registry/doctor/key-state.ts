import { createPrivateKey, type KeyObject } from 'node:crypto';
import { Secret } from '../../lib/secret.js';
import { expandVariables } from '../file/expand-variables.js';
import type { Registry } from '../file/read-registry.js';

/**
 * State of the `clusterSecret` of an entry.
 * - `rsa`: a private key that can sign
 * - `escaped`: a key with the letters `\n` instead of line breaks; `inFile` when they are in the
 *   registry itself, not in a variable
 * - `broken`: it looks like a key, but is invalid
 * - `shared`: any other text, which signs HS256
 * - `unset`: it uses a variable that is not set
 */
export type KeyState =
  | { readonly kind: 'none' | 'unset' }
  | { readonly kind: 'rsa' | 'shared'; readonly usable: Secret }
  | { readonly kind: 'escaped'; readonly usable: Secret; readonly inFile: boolean }
  | { readonly kind: 'broken'; readonly reason: string };

/** Checks the secrets of all entries. */
export const keyStatesOf = (
  { entries }: Pick<Registry, 'entries'>,
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, KeyState> =>
  new Map(entries.map(({ name, clusterSecret }) => [name, keyStateOf(clusterSecret, env)]));

/** Checks a secret as written in the registry. */
export function keyStateOf(
  secret: Secret | undefined,
  env: Readonly<Record<string, string | undefined>>,
): KeyState {
  if (secret === undefined) return { kind: 'none' };
  const written = secret.reveal();
  const text = expandVariables(written, env);
  if (text === undefined) return { kind: 'unset' };
  if (!isMeantAsKey(text)) return { kind: 'shared', usable: new Secret(text) };
  const usable = new Secret(unescaped(text));
  const reason = whyBroken(usable.reveal().trim());
  if (reason !== undefined) return { kind: 'broken', reason };
  if (!hasEscapes(text)) return { kind: 'rsa', usable };
  return { kind: 'escaped', usable, inFile: hasEscapes(written) };
}

/** Replaces the letters `\r` and `\n` by line breaks. */
export const unescaped = (text: string): string =>
  text.replaceAll('\\r', '\r').replaceAll('\\n', '\n');

const hasEscapes = (text: string): boolean => text.includes('\\n');

/** PEM, or the bare base64 of a DER key. */
const isMeantAsKey = (text: string): boolean =>
  text.includes('-----BEGIN') || (/^MI[A-Za-z0-9+/=\s]+$/.test(text) && text.length > 300);

function whyBroken(text: string): string | undefined {
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch {
    if (/BEGIN (RSA )?PUBLIC KEY/.test(text)) {
      return 'it is a public key; the private key is required';
    }
    return /BEGIN ENCRYPTED PRIVATE KEY|^Proc-Type: 4,ENCRYPTED/m.test(text)
      ? 'it is encrypted with a passphrase, which the CLIs do not support'
      : 'it is not a private key in PEM form';
  }
  const type = key.asymmetricKeyType;
  return type === 'rsa' ? undefined : `it is a key of type ${type ?? 'unknown'}, not RSA`;
}
