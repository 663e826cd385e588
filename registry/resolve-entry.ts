import { readKeyPair } from '../cluster/keys/key-pair.js';
import { usageError } from '../lib/errors.js';
import { Secret } from '../lib/secret.js';
import { shellWords } from '../lib/shell-words.js';
import { unknownName } from '../lib/unknown-name.js';
import { type SecretKind, secretKindOf } from '../prisma/tokens/signing-key.js';
import { type EntryTrust, trustOfEntry } from './entry-trust.js';
import { expandVariables } from './file/expand-variables.js';
import { type Registry, type RegistryEntry, readRegistry } from './file/read-registry.js';

/** An entry with its variables replaced and a secret that can sign. */
export interface ResolvedEntry {
  readonly name: string;
  /** Base address of the server, without a slash at its end. */
  readonly host: string;
  /** A private key in a form that signs, or a shared secret as it is. */
  readonly secret: Secret;
  readonly kind: SecretKind;
  /** Certificate to trust its server by. @default - public authorities */
  readonly trust?: EntryTrust | undefined;
}

/** Values for variables in the registry. */
type Env = Readonly<Record<string, string | undefined>>;

/**
 * Finds the entry `name`. @param at source of the name, for messages
 * @throws KitError `cluster-unknown` (exit 2) with a suggestion
 */
export function findEntry(
  { entries, path }: Registry,
  name: string,
  at: string = path,
): RegistryEntry {
  const entry = entries.find((each) => each.name === name);
  if (entry !== undefined) return entry;
  throw usageError('cluster-unknown', {
    path: at,
    message: `the registry has no cluster '${name}'`,
    hint: unknownName(
      name,
      entries.map((each) => each.name),
      at === path ? 'It has no clusters.' : `It has no clusters: ${path}`,
    ),
  });
}

/**
 * Reads the entry `name` of the registry at `path`, with a secret that can sign.
 *
 * @throws KitError `cluster-unknown`, `secret-missing`, `key-invalid`, `variable-unset` (exit 2)
 */
export async function resolveEntry(path: string, name: string, env: Env): Promise<ResolvedEntry> {
  const entry = findEntry(await readRegistry(path), name);
  const at = `${path}:${entry.line} ${name}`;
  const host = expanded(entry.host, 'host', at, env).replace(/\/+$/, '');
  const trust = await trustOfEntry(path, name);
  return { name, host, ...signingSecret(entry, at, env), ...(trust && { trust }) };
}

function signingSecret({ clusterSecret, name }: RegistryEntry, at: string, env: Env) {
  if (clusterSecret === undefined) {
    throw usageError('secret-missing', {
      path: at,
      message: 'the entry has no secret',
      hint: `Add the entry again with its secret: clusterkit cluster add ${shellWords([name])} --force --host URL (--key-file FILE | --secret-file FILE)`,
    });
  }
  const secret = new Secret(expanded(clusterSecret.reveal(), 'clusterSecret', at, env));
  return secretKindOf(secret) === 'secret'
    ? { secret, kind: 'secret' as const }
    : { secret: readKeyPair(secret, at).privateKey, kind: 'rsa' as const };
}

function expanded(text: string, field: string, path: string, env: Env): string {
  const value = expandVariables(text, env);
  if (value !== undefined) return value;
  throw usageError('variable-unset', {
    path,
    message: `its ${field} uses a variable that is not set`,
    hint: 'Set the variable, or write the value into the registry.',
  });
}
