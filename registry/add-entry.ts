import { usageError } from '../lib/errors.js';
import type { Secret } from '../lib/secret.js';
import { type ServerTrust, trustIn } from '../prisma/probe/server-trust.js';
import type { SecretKind } from '../prisma/tokens/signing-key.js';
import { trustOfEntry } from './entry-trust.js';
import { type WriteOutcome, writeEntry } from './file/change-entries.js';
import { assertNoConflict } from './file/ownership.js';
import { readRegistry } from './file/read-registry.js';
import { readClusterSecret } from './read-cluster-secret.js';
import { verifyEntry } from './verify-entry.js';

/** The entry to add. */
export interface EntryRequest {
  readonly name: string;
  readonly host: string;
  /** A private key (PEM, PKCS#1 or PKCS#8) or a shared secret. @default - the server is open on purpose */
  readonly secret?: Secret | undefined;
  /** What `secret` is. @default - detected from its text */
  readonly kind?: SecretKind | undefined;
  /** Where the secret came from, for messages: a path, or `standard input`. */
  readonly source?: string;
  /** Certificate to trust the server by (PEM). @default - the one of the entry, or public authorities */
  readonly certificate?: string | undefined;
  /** Replace an existing entry of this name, also a foreign one. */
  readonly force: boolean;
  /** Verify the server before writing. */
  readonly verify: boolean;
  /** Accept an entry without secret, or a server without authentication. */
  readonly allowOpen: boolean;
}

/** The registry, the clock and the command that runs. */
export interface RegistryContext {
  readonly registry: string;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** Such as `clusterkit cluster add staging`. */
  readonly command: string;
  /** Receives a sentence when another process keeps the registry locked. @default - nobody does */
  readonly onWait?: (text: string) => void;
}

/** Result of {@link addEntry}. Stable. */
export interface AddResult {
  readonly cluster: string;
  readonly host: string;
  readonly entry: WriteOutcome;
  /** `false`: the server was not verified. */
  readonly verified: boolean;
  readonly version: string | null;
}

/**
 * Runs `cluster add`: checks name and secret, verifies that the server accepts the secret, then writes
 * the entry.
 *
 * @throws KitError `registry-conflict`, `key-invalid`, `secret-invalid`, `host-invalid`, `secret-missing`
 *   (exit 2); `server-unreachable`, `server-open`, `key-refused`, `auth-unclear` (exit 3)
 */
export async function addEntry(
  request: EntryRequest,
  context: RegistryContext,
): Promise<AddResult> {
  const { name, force, allowOpen, verify } = request;
  checkName(name);
  const host = checkedHost(request.host);
  const clusterSecret = checkedSecret(request);
  if (!force) {
    const secrets = clusterSecret ? [clusterSecret] : [];
    assertNoConflict(await readRegistry(context.registry), name, { secrets });
  }

  const trust =
    request.certificate === undefined
      ? await knownAt(host, name, context)
      : trustIn(request.certificate);
  const health = verify
    ? await verifyEntry({ host, trust, clusterSecret }, allowOpen, context)
    : undefined;
  const entry = await writeEntry(
    context.registry,
    { name, host, clusterSecret },
    { force, certificate: request.certificate, ...changedBy(context) },
  );
  return { cluster: name, host, entry, verified: verify, version: health?.version ?? null };
}

/** A change of the registry by this command. */
export const changedBy = ({ command, now, signal, onWait }: RegistryContext) => ({
  now,
  signal,
  onWait,
  owner: { command },
});

/** The Prisma CLIs accept the name on the command line and in prisma.yml. */
export function checkName(name: string): void {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/.test(name)) return;
  throw usageError('name-invalid', {
    path: 'name',
    message: `'${name}' is not a valid cluster name`,
    hint: 'Use up to 100 letters, digits, dashes, dots and underscores.',
  });
}

function checkedHost(host: string): string {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  const plain = url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '';
  if (plain && url.username === '' && url.password === '') return host.replace(/\/+$/, '');
  throw usageError('host-invalid', {
    path: '--host',
    message: `'${host}' is not a server address`,
    hint: 'Write http(s)://name:port, without path and without credentials.',
  });
}

function checkedSecret(request: EntryRequest): Secret | undefined {
  const { secret, kind, source = 'key' } = request;
  if (secret !== undefined) return readClusterSecret(secret, kind, source);
  if (request.allowOpen) return undefined;
  throw usageError('secret-missing', {
    path: request.name,
    message: 'the secret is missing, and the Prisma CLI deletes entries without one',
    hint: 'Give --key-file FILE, --key-stdin, --secret-file FILE, --secret-stdin or --generate; --allow-open for a server that is open on purpose.',
  });
}

/** An entry that keeps its host keeps its certificate. */
async function knownAt(
  host: string,
  name: string,
  { registry }: RegistryContext,
): Promise<ServerTrust | undefined> {
  const { entries } = await readRegistry(registry);
  const before = entries.find((entry) => entry.name === name);
  return before?.host === host ? trustOfEntry(registry, name) : undefined;
}
