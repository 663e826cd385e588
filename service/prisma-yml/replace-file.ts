import { readFile } from 'node:fs/promises';
import { atomicWrite } from '../../lib/atomic-write.js';
import { environmentError } from '../../lib/errors.js';

/** Reads the text of `file`, byte order mark included. @throws KitError `prisma-yml-unreadable` (exit 3) */
export async function readText(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(file));
  } catch (cause) {
    throw failure('read', file, cause);
  }
}

/**
 * Replaces the text of `file` in one step. The file keeps its mode and owner; a symbolic link stays.
 * @throws KitError `prisma-yml-unwritable` (exit 3)
 */
export async function replaceText(file: string, text: string): Promise<void> {
  try {
    await atomicWrite(file, text);
  } catch (cause) {
    throw failure('written', file, cause);
  }
}

const failure = (doing: 'read' | 'written', file: string, cause: unknown) =>
  environmentError(doing === 'read' ? 'prisma-yml-unreadable' : 'prisma-yml-unwritable', {
    path: file,
    message: `it cannot be ${doing}: ${cause instanceof Error ? cause.message : String(cause)}`,
    cause,
  });
