import { z } from 'zod';
import { usageError } from '../errors.js';
import { Secret } from '../secret.js';

/** One cluster's access, as it is handed to a team mate. */
export interface SharedAccess {
  /** The name it has in the sender's registry. */
  readonly name: string;
  readonly host: string;
  readonly clusterSecret: Secret;
}

/** The form of the encrypted text. A change that old kits cannot read gets the next number. */
const VERSION = 1;

const SCHEMA = z.strictObject({
  version: z.literal(VERSION),
  name: z.string().min(1),
  host: z.string().min(1),
  clusterSecret: z.string().min(1),
});

/** The text to encrypt: JSON with a version. */
export const accessText = ({ name, host, clusterSecret }: SharedAccess): string =>
  `${JSON.stringify({ version: VERSION, name, host, clusterSecret: clusterSecret.reveal() })}\n`;

/**
 * Reads what {@link accessText} wrote. @param path for messages only
 *
 * @throws KitError `access-malformed` (exit 2); nothing of the text is repeated
 */
export function parseAccess(text: string, path: string): SharedAccess {
  const { version, data } = read(text);
  if (data !== undefined) {
    const { name, host, clusterSecret } = data;
    return { name, host, clusterSecret: new Secret(clusterSecret) };
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
