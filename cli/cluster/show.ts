import { type KeyState, keyStateOf } from '../../flows/doctor/key-state.js';
import { findEntry } from '../../flows/resolve-entry.js';
import { EXIT } from '../../lib/errors.js';
import { fingerprint, readKeyPair } from '../../lib/keys/key-pair.js';
import { isOurs } from '../../lib/registry/ownership.js';
import { readRegistry } from '../../lib/registry/read-registry.js';
import type { Context, SharedOptions } from '../context.js';
import { registryWorld } from './world.js';

/** `clusterkit cluster show NAME`: everything but the secret. */
export async function show(context: Context, _: SharedOptions, name: string): Promise<number> {
  const registry = await readRegistry(registryWorld(context, 'show').registry);
  const { host, clusterSecret, line } = findEntry(registry, name);
  const recorded = registry.owned.get(name);
  const ours = isOurs({ name, host, line, ...(clusterSecret && { clusterSecret }) }, { recorded });
  const key = keyStateOf(clusterSecret, context.env);
  const shown = {
    name,
    host,
    file: `${registry.path}:${line}`,
    origin: ours ? 'ours' : 'foreign',
    secret: KINDS[key.kind],
    fingerprint: fingerprintOf(key, name),
  };
  context.report.json(shown);
  const rows = Object.entries(shown).map(([key, value]) => `${key.padEnd(12)} ${value ?? '-'}`);
  context.report.say(rows.join('\n'));
  return EXIT.done;
}

/** What kind of secret an entry has, without a byte of it, nor a hash that could be tried out. */
const KINDS = {
  none: 'none',
  unset: 'variable that is not set',
  shared: 'HS256 shared secret',
  rsa: 'private key',
  escaped: 'private key',
  broken: 'broken key',
} as const satisfies Record<KeyState['kind'], string>;

const fingerprintOf = (key: KeyState, name: string): string | null =>
  key.kind === 'rsa' || key.kind === 'escaped'
    ? fingerprint(readKeyPair(key.usable, name).publicKey)
    : null;
