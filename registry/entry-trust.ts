import { usageError } from '../lib/errors.js';
import { type ServerTrust, trustIn } from '../prisma/probe/server-trust.js';
import { readEntryCertificate } from './file/entry-certificate.js';

/** The certificate to trust an entry's server by, and its file for other tools. */
export interface EntryTrust extends ServerTrust {
  /** Path of the certificate. */
  readonly file: string;
}

/**
 * The stored certificate of an entry's server. `undefined` for plain http, or for a server with a
 * certificate of a public authority.
 *
 * @throws KitError `certificate-unreadable` (exit 2)
 */
export async function trustOfEntry(
  registry: string,
  name: string,
): Promise<EntryTrust | undefined> {
  const kept = await readEntryCertificate(registry, name);
  if (kept === undefined) return undefined;
  try {
    return { ...trustIn(kept.pem), file: kept.path };
  } catch (cause) {
    throw usageError('certificate-unreadable', {
      path: kept.path,
      message: 'this file is not a certificate (PEM)',
      hint: 'Run `clusterkit up` where the cluster was created; it writes the file again.',
      cause,
    });
  }
}

/** As {@link trustOfEntry}, but a damaged certificate counts as none, so that a list continues. */
export const knownTrust = (registry: string, name: string): Promise<EntryTrust | undefined> =>
  trustOfEntry(registry, name).catch(() => undefined);
