import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { usageError } from '../../lib/errors.js';
import { Secret } from '../../lib/secret.js';

/** One cluster's access, as it is handed to a team mate. */
export interface SharedAccess {
  /** The name it has in the sender's registry. */
  readonly name: string;
  readonly host: string;
  readonly clusterSecret: Secret;
  /** What its server is trusted by (PEM). @default - the well-known authorities */
  readonly certificate?: string | undefined;
}

/** The form of the encrypted text. A change that old kits cannot read gets the next number. */
const VERSION = 2;

const FIRST = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1),
  host: z.string().min(1),
  clusterSecret: z.string().min(1),
});
const SECOND = FIRST.extend({
  version: z.literal(VERSION),
  certificate: z.string().refine(isCertificate),
});
const SCHEMA = z.discriminatedUnion('version', [FIRST, SECOND]);

/**
 * The text to encrypt: JSON with a version, the first one that can say it, so that old kits go on to
 * read what they understand.
 */
export function accessText({ name, host, clusterSecret, certificate }: SharedAccess): string {
  const version = certificate === undefined ? 1 : 2;
  const access = { version, name, host, clusterSecret: clusterSecret.reveal(), certificate };
  return `${JSON.stringify(access)}\n`;
}

/**
 * Reads what {@link accessText} wrote. @param path for messages only
 *
 * @throws KitError `access-malformed` (exit 2); nothing of the text is repeated
 */
export function parseAccess(text: string, path: string): SharedAccess {
  const { version, data } = read(text);
  if (data !== undefined) {
    const { version: _, clusterSecret, ...rest } = data;
    return { ...rest, clusterSecret: new Secret(clusterSecret) };
  }
  const newer = typeof version === 'number' && version > VERSION;
  throw usageError('access-malformed', {
    path,
    message: newer
      ? `this was exported by a newer clusterkit (form ${version}; this one reads ${VERSION})`
      : 'what is encrypted in it is no exported cluster',
    hint: newer ? 'Install that version.' : 'Ask for a new: clusterkit cluster export NAME',
  });
}

function read(text: string): { version?: unknown; data?: z.infer<typeof SCHEMA> | undefined } {
  try {
    const value: unknown = JSON.parse(text);
    const version = (value as { version?: unknown } | null)?.version;
    return { version, data: SCHEMA.safeParse(value).data };
  } catch {
    return {};
  }
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).raw.length > 0;
  } catch {
    return false;
  }
}
