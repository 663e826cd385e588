import { usageError } from '../lib/errors.js';
import { type ServerTrust, trustIn } from '../prisma/probe/server-trust.js';
import { readEntryCertificate } from './file/entry-certificate.js';

/** What an entry's server is trusted by, and where other tools find it. */
export interface EntryTrust extends ServerTrust {
  /** Path of the certificate. */
  readonly file: string;
}

/**
 * What is known of the certificate of an entry's server; `undefined`: plain http, or an authority that
 * everybody knows.
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
    throw usageError(
      'certificate-unreadable',
      {
        path: kept.path,
        message: 'this file is no certificate (PEM)',
        hint: '`clusterkit up` where the cluster was made writes it anew.',
      },
      cause,
    );
  }
}

/** As {@link trustOfEntry}; one that is damaged counts as none, so that a list goes on. */
export const knownTrust = (registry: string, name: string): Promise<EntryTrust | undefined> =>
  trustOfEntry(registry, name).catch(() => undefined);
