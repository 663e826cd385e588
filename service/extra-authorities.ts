import { resolve } from 'node:path';
import { readTextFile } from '../lib/read-text-file.js';
import { EXTRA_CA } from '../prisma/client-variables.js';
import { saveBundle } from '../registry/file/entry-certificate.js';
import type { ResolvedEntry } from '../registry/resolve-entry.js';
import { joinCertificates } from './handover/join-certificates.js';

/** The registry, and the environment of the program. */
export interface AuthoritiesContext {
  readonly registry: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Base directory of paths in the environment. */
  readonly cwd: string;
  readonly warn: (text: string) => void;
}

/**
 * The certificate file that lets a Node program trust an entry's server: its certificate, joined with the
 * certificates that {@link EXTRA_CA} already names. An unreadable file of the user is a warning, as in
 * Node.
 *
 * @returns `undefined` when public authorities suffice
 */
export async function extraAuthorities(
  { name, trust }: Pick<ResolvedEntry, 'name' | 'trust'>,
  { registry, env, cwd, warn }: AuthoritiesContext,
): Promise<string | undefined> {
  const given = env[EXTRA_CA];
  if (trust === undefined || !given) return trust?.file;
  const users = resolve(cwd, given);
  if (users === trust.file) return trust.file;
  try {
    const text = await readTextFile(users);
    const { pem, added, damaged } = joinCertificates(trust.ca, text);
    if (damaged > 0) {
      warn(`${EXTRA_CA}: ${users} is damaged; skipped certificates: ${damaged}.`);
    }
    return added === 0 ? trust.file : await saveBundle(registry, name, pem);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    warn(
      `${EXTRA_CA}: ${users} cannot be used (${why}); programs get the certificate of ${name} only.`,
    );
    return trust.file;
  }
}
