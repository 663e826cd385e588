import { EXIT } from '../../lib/errors.js';
import { fingerprint, readKeyPair } from '../../lib/keys/key-pair.js';
import { isOurs } from '../../lib/registry/ownership.js';
import { readRegistry } from '../../lib/registry/read-registry.js';
import type { Secret } from '../../lib/secret.js';
import type { Context, SharedOptions } from '../context.js';
import { findEntry, registryWorld } from './world.js';

/** `clusterkit cluster show NAME`: everything but the secret. */
export async function show(context: Context, _: SharedOptions, name: string): Promise<number> {
  const registry = await readRegistry(registryWorld(context, 'show').registry);
  const { host, clusterSecret, line } = findEntry(registry, name);
  const recorded = registry.owned.get(name);
  const ours = isOurs({ name, host, line, ...(clusterSecret && { clusterSecret }) }, { recorded });
  const shown = {
    name,
    host,
    file: `${registry.path}:${line}`,
    origin: ours ? 'ours' : 'foreign',
    secret: kindOf(clusterSecret),
    fingerprint: fingerprintOf(clusterSecret),
  };
  context.report.json(shown);
  const rows = Object.entries(shown).map(([key, value]) => `${key.padEnd(12)} ${value ?? '-'}`);
  context.report.say(rows.join('\n'));
  return EXIT.done;
}

/** What kind of secret an entry has, without a byte of it. */
function kindOf(
  secret: Secret | undefined,
): 'none' | 'private key' | 'broken key' | 'shared secret' {
  if (secret === undefined) return 'none';
  if (!secret.reveal().includes('-----BEGIN')) return 'shared secret';
  return fingerprintOf(secret) === null ? 'broken key' : 'private key';
}

function fingerprintOf(secret: Secret | undefined): string | null {
  try {
    return secret === undefined ? null : fingerprint(readKeyPair(secret, 'key').publicKey);
  } catch {
    return null;
  }
}
