import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { usageError } from '../../lib/errors.js';
import { Secret } from '../../lib/secret.js';

/** Access to a cluster, to share with a team mate. */
export interface SharedAccess {
  /** The name it has in the sender's registry. */
  readonly name: string;
  readonly host: string;
  readonly clusterSecret: Secret;
  /** Certificate to trust its server by (PEM). @default - public authorities */
  readonly certificate?: string | undefined;
}

/** Version of the encrypted text. A change that old kits cannot read gets the next number. */
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
 * The text to encrypt: JSON with a version. The lowest version that suffices, so that old kits can read it.
 */
export function accessText({ name, host, clusterSecret, certificate }: SharedAccess): string {
  const version = certificate === undefined ? 1 : 2;
  const access = { version, name, host, clusterSecret: clusterSecret.reveal(), certificate };
  return `${JSON.stringify(access)}\n`;
}

/**
 * Reads a text of {@link accessText}. @param path for messages
 *
 * @throws KitError `access-malformed` (exit 2), without any part of the text
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
      : 'the decrypted text is not an exported cluster',
    hint: newer
      ? 'Install that version.'
      : 'Ask the sender to export it again: clusterkit cluster export NAME',
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
