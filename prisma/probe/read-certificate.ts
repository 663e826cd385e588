import { usageError } from '../../lib/errors.js';
import { readTextFile } from '../../lib/read-text-file.js';
import { trustIn } from './server-trust.js';

/**
 * Reads a PEM certificate from a file that the user names: a server's own, or its authority's.
 * @throws KitError `certificate-unreadable` (exit 2)
 */
export async function readCertificateFile(
  path: string,
  words: {
    /** Comes before the reason. */
    readonly message: string;
    readonly hint: string;
  },
): Promise<string> {
  try {
    const pem = await readTextFile(path);
    trustIn(pem);
    return pem;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    const { message, hint } = words;
    throw usageError('certificate-unreadable', {
      path,
      message: `${message}: ${reason}`,
      hint,
      cause,
    });
  }
}
