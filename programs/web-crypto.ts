import { webcrypto } from 'node:crypto';

// Node 18 has Web Crypto, but not under the global name that jose uses.
if (globalThis.crypto === undefined) {
  Object.defineProperty(globalThis, 'crypto', { value: webcrypto, configurable: true });
}
