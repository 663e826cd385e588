import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXTRA_CA } from '../prisma/client-variables.js';
import { keepBundle } from '../registry/file/certificate-bundle.js';
import type { ResolvedEntry } from '../registry/resolve-entry.js';
import { joinCertificates } from './handover/join-certificates.js';

/** The registry and the environment that a program would have without us. */
export interface AuthoritiesWorld {
  readonly registry: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where paths in the environment start from. */
  readonly cwd: string;
  readonly warn: (text: string) => void;
}

/**
 * The file that a program on Node has to be told of, to trust an entry's server: its certificate, or,
 * where {@link EXTRA_CA} is set already, that and what stands there. A file of the user's that cannot be
 * read is a warning, as it is for Node.
 *
 * @returns `undefined`: the well-known authorities do
 */
export async function extraAuthorities(
  { name, trust }: Pick<ResolvedEntry, 'name' | 'trust'>,
  { registry, env, cwd, warn }: AuthoritiesWorld,
): Promise<string | undefined> {
  const given = env[EXTRA_CA];
  if (trust === undefined || !given) return trust?.file;
  const users = resolve(cwd, given);
  if (users === trust.file) return trust.file;
  try {
    const text = await readFile(users, 'utf8');
    const { pem, added, damaged } = joinCertificates(trust.ca, text);
    if (damaged > 0) {
      warn(`${EXTRA_CA}: ${users} is damaged; certificates left out: ${damaged}.`);
    }
    return added === 0 ? trust.file : await keepBundle(registry, name, pem);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    warn(
      `${EXTRA_CA}: ${users} cannot be used (${why}); programs get the certificate of ${name} alone.`,
    );
    return trust.file;
  }
}
