import { fingerprint, readKeyPair } from '../../cluster/keys/key-pair.js';
import { EXIT } from '../../lib/errors.js';
import { printableLine } from '../../lib/printable.js';
import { withoutSecrets } from '../../lib/secret-shapes.js';
import { type KeyState, keyStateOf } from '../../registry/doctor/key-state.js';
import { isAsWritten } from '../../registry/file/ownership.js';
import { readRegistry } from '../../registry/file/read-registry.js';
import { findEntry } from '../../registry/resolve-entry.js';
import type { Context, SharedOptions } from '../context.js';
import { registryInputs } from './inputs.js';

/** `clusterkit cluster show NAME`: shows an entry without its secret. */
export async function show(context: Context, _: SharedOptions, name: string): Promise<number> {
  const registry = await readRegistry(registryInputs(context, 'show').registry);
  const { host, clusterSecret, line } = findEntry(registry, name);
  const recorded = registry.owned.get(name);
  const ours = isAsWritten({ name, host, line, ...(clusterSecret && { clusterSecret }) }, recorded);
  const key = keyStateOf(clusterSecret, context.env);
  const shown = {
    name,
    host: withoutSecrets(host),
    file: `${registry.path}:${line}`,
    origin: ours ? 'ours' : 'foreign',
    secret: KINDS[key.kind],
    fingerprint: fingerprintOf(key, name),
  };
  context.report.json(shown);
  const rows = Object.entries(shown).map(
    ([key, value]) => `${key.padEnd(12)} ${printableLine(value ?? '-')}`,
  );
  context.report.say(rows.join('\n'));
  return EXIT.done;
}

/** The kind of an entry's secret. It has no byte of the secret, and no hash to test guesses against. */
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
