import { createPrivateKey, type KeyObject } from 'node:crypto';
import { Secret } from '../../lib/secret.js';
import { expandVariables } from '../file/expand-variables.js';
import type { Registry } from '../file/read-registry.js';

/**
 * What the `clusterSecret` of an entry is good for.
 * - `rsa`: a private key that signs
 * - `escaped`: one whose line breaks are written out as backslashes; `inFile` when the registry says
 *   so itself, not a variable
 * - `broken`: meant to be a key, and none
 * - `shared`: any other text, which signs HS256
 * - `unset`: it names a variable that is not set
 */
export type KeyState =
  | { readonly kind: 'none' | 'unset' }
  | { readonly kind: 'rsa' | 'shared'; readonly usable: Secret }
  | { readonly kind: 'escaped'; readonly usable: Secret; readonly inFile: boolean }
  | { readonly kind: 'broken'; readonly reason: string };

/** Judges the secrets of all entries. Takes the better part of a millisecond for each key. */
export const keyStatesOf = (
  { entries }: Pick<Registry, 'entries'>,
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, KeyState> =>
  new Map(entries.map(({ name, clusterSecret }) => [name, keyStateOf(clusterSecret, env)]));

/** Judges a secret as it stands in the registry. */
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

/** Line breaks that were written out (`\r\n`, `\n`) as line breaks. */
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
      return 'it is a public key; the private half belongs here';
    }
    return /BEGIN ENCRYPTED PRIVATE KEY|^Proc-Type: 4,ENCRYPTED/m.test(text)
      ? 'it is locked with a passphrase, which the CLIs cannot ask for'
      : 'it is not a private key in PEM form';
  }
  const type = key.asymmetricKeyType;
  return type === 'rsa' ? undefined : `it is a key of type ${type ?? 'unknown'}, not RSA`;
}
