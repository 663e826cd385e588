import type { SecretKind } from '../prisma/tokens/signing-key.js';
import type { EntryHealth } from './probe-entry.js';

/**
 * Explains why a server can never check tokens of such a secret; undefined when it can. A gateway in
 * front of it checks tokens of a key pair for every generation.
 */
export function whyUnfit(
  { generation, version, gateway }: Pick<EntryHealth, 'generation' | 'version' | 'gateway'>,
  kind: SecretKind,
): string | undefined {
  const own = version === null ? '' : ` (this one is ${version})`;
  if (generation === 'A' && kind === 'secret') {
    return `Servers up to 1.6${own} support key pairs only, not shared secrets.`;
  }
  if (generation === 'C' && kind === 'rsa' && gateway === undefined) {
    return `Servers from 1.27 on${own} support shared secrets only, not key pairs.`;
  }
  return undefined;
}
