import type { Generation } from '../lib/generation.js';
import type { SecretKind } from '../lib/tokens/signing-key.js';

/**
 * Why servers of a generation can never check tokens of such a secret, in full sentences; undefined
 * when they can.
 */
export function whyUnfit(
  generation: Generation,
  kind: SecretKind,
  version: string | null,
): string | undefined {
  const own = version === null ? '' : ` (this one is ${version})`;
  if (generation === 'A' && kind === 'secret') {
    return `Servers up to 1.6${own} know key pairs only, no shared secrets.`;
  }
  if (generation === 'C' && kind === 'rsa') {
    return `Servers from 1.27 on${own} know shared secrets only, no key pairs.`;
  }
  return undefined;
}
