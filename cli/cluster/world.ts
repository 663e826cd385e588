import type { RegistryWorld } from '../../flows/add-entry.js';
import { usageError } from '../../lib/errors.js';
import { readKeyPair } from '../../lib/keys/key-pair.js';
import {
  type Registry,
  type RegistryEntry,
  readRegistry,
} from '../../lib/registry/read-registry.js';
import { registryPath } from '../../lib/registry/registry-path.js';
import type { Secret } from '../../lib/secret.js';
import { unknownName } from '../../lib/unknown-name.js';
import type { Context } from '../context.js';

/** The registry as this invocation sees it. */
export function registryWorld(context: Context, verb: string): RegistryWorld {
  const { env, home, platform, cwd, registryFlag, now, signal } = context;
  return {
    registry: registryPath({ flag: registryFlag, env, home, platform, cwd }),
    now,
    signal,
    command: `clusterkit cluster ${verb}`,
  };
}

/** One entry by name. @throws KitError `cluster-unknown` (exit 2) with a suggestion */
export async function entryOf(path: string, name: string): Promise<RegistryEntry> {
  return findEntry(await readRegistry(path), name);
}

/** Like {@link entryOf}, in a registry that was read before. */
export function findEntry({ entries, path }: Registry, name: string): RegistryEntry {
  const entry = entries.find((each) => each.name === name);
  if (entry !== undefined) return entry;
  throw usageError('cluster-unknown', {
    path,
    message: `the registry has no cluster '${name}'`,
    hint: unknownName(
      name,
      entries.map((each) => each.name),
      'It has no clusters.',
    ),
  });
}

/**
 * The secret of an entry, ready to sign with: a private key in a form that works, or a shared secret
 * as it is. @throws KitError `cluster-unknown`, `secret-missing`, `key-invalid` (exit 2)
 */
export async function signingSecretOf(registry: string, name: string): Promise<Secret> {
  const { clusterSecret, line } = await entryOf(registry, name);
  const path = `${registry}:${line} ${name}`;
  if (clusterSecret === undefined) {
    throw usageError('secret-missing', {
      path,
      message: 'the entry has no secret',
      hint: `Add it again with its key: clusterkit cluster add ${name} --force --host URL --key-file FILE`,
    });
  }
  return clusterSecret.reveal().includes('-----BEGIN')
    ? readKeyPair(clusterSecret, path).privateKey
    : clusterSecret;
}
