import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type AtomicWriteOptions, atomicWrite } from '../../lib/atomic-write.js';
import { registryFileError } from './file-errors.js';

/**
 * Writes the registry, or a file beside it, in one step: mode 0600, a missing directory is made (0700).
 *
 * @throws KitError (exit 3): disk full, not permitted, read-only; `file` is untouched then
 */
export async function writeRegistryFile(
  file: string,
  text: string,
  options: Pick<AtomicWriteOptions, 'durable' | 'onStep'> = {},
): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await atomicWrite(file, text, { mode: 0o600, ...options });
  } catch (error) {
    throw registryFileError(file, 'write', error);
  }
}
