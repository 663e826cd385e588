import { hostname } from 'node:os';
import { usageError } from '../lib/errors.js';
import type { Secret } from '../lib/secret.js';
import { type ServerTrust, trustIn } from '../prisma/probe/server-trust.js';
import type { SecretKind } from '../prisma/tokens/signing-key.js';
import { trustOfEntry } from './entry-trust.js';
import { assertNoConflict } from './file/assert-no-conflict.js';
import { readRegistry } from './file/read-registry.js';
import { type WriteOutcome, writeEntry } from './file/write-entry.js';
import { readClusterSecret } from './read-cluster-secret.js';
import { verifyEntry } from './verify-entry.js';

/** An entry that somebody wants in the registry. */
export interface EntryWish {
  readonly name: string;
  readonly host: string;
  /** A private key in any form seen in the wild, or a shared secret; absent: open on purpose. */
  readonly secret?: Secret | undefined;
  /** What `secret` was given as; absent: as it looks. */
  readonly kind?: SecretKind | undefined;
  /** Where the secret came from, for messages: a path, or `standard input`. */
  readonly source?: string;
  /** What the server is trusted by (PEM). @default - what was known, or the well-known authorities */
  readonly certificate?: string | undefined;
  /** Replace an entry of this name, whoever made it. */
  readonly force: boolean;
  /** Ask the server before writing. */
  readonly verify: boolean;
  /** Accept an entry without secret, or a server that lets everybody in. */
  readonly allowOpen: boolean;
}

/** The registry and the moment. */
export interface RegistryWorld {
  readonly registry: string;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** Such as `clusterkit cluster add staging`. */
  readonly command: string;
}

/** What {@link addEntry} did. Stable. */
export interface AddResult {
  readonly cluster: string;
  readonly host: string;
  readonly entry: WriteOutcome;
  /** `false`: the server was not asked. */
  readonly verified: boolean;
  readonly version: string | null;
}

/**
 * THE STORY of `cluster add`: a name that is free, a secret in good form, a server that takes it, and
 * only then the entry.
 *
 * @throws KitError `registry-conflict`, `key-invalid`, `secret-invalid`, `host-invalid`, `secret-missing`
 *   (exit 2);
 *   `server-unreachable`, `server-open`, `key-refused`, `auth-unclear` (exit 3)
 */
export async function addEntry(wish: EntryWish, world: RegistryWorld): Promise<AddResult> {
  const { name, force, allowOpen, verify } = wish;
  checkName(name);
  const host = checkedHost(wish.host);
  const clusterSecret = checkedSecret(wish);
  if (!force) {
    assertNoConflict(
      await readRegistry(world.registry),
      name,
      clusterSecret ? [clusterSecret] : [],
    );
  }

  const trust =
    wish.certificate === undefined ? await knownAt(host, name, world) : trustIn(wish.certificate);
  const health = verify
    ? await verifyEntry({ host, trust, clusterSecret }, allowOpen, world)
    : undefined;
  const entry = await writeEntry(
    world.registry,
    { name, host, clusterSecret },
    { force, certificate: wish.certificate, now: world.now, owner: ownerOf(world) },
  );
  return { cluster: name, host, entry, verified: verify, version: health?.version ?? null };
}

/** What others are told while this command writes. */
export const ownerOf = ({ command }: RegistryWorld) => ({
  pid: process.pid,
  host: hostname(),
  command,
});

/** CLIs take the name as a word of the command line and of prisma.yml. */
export function checkName(name: string): void {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/.test(name)) return;
  throw usageError('name-invalid', {
    path: 'name',
    message: `'${name}' cannot be the name of a cluster`,
    hint: 'Use up to 100 letters, digits, dashes, dots and underscores.',
  });
}

function checkedHost(host: string): string {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  const plain = url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '';
  if (plain && url.username === '' && url.password === '') return host.replace(/\/+$/, '');
  throw usageError('host-invalid', {
    path: '--host',
    message: `'${host}' is not the address of a server`,
    hint: 'Write http(s)://name:port, without path and without credentials.',
  });
}

function checkedSecret({ secret, kind, source, allowOpen, name }: EntryWish): Secret | undefined {
  if (secret !== undefined) return readClusterSecret(secret, kind, source ?? 'key');
  if (allowOpen) return undefined;
  throw usageError('secret-missing', {
    path: name,
    message: 'no secret is given, and the Prisma CLI drops entries without one',
    hint: 'Give --key-file FILE, --key-stdin, --secret-file FILE, --secret-stdin or --generate; --allow-open for a server that is open on purpose.',
  });
}

/** An entry that stays where it is keeps its certificate. */
async function knownAt(
  host: string,
  name: string,
  { registry }: RegistryWorld,
): Promise<ServerTrust | undefined> {
  const { entries } = await readRegistry(registry);
  const before = entries.find((entry) => entry.name === name);
  return before?.host === host ? trustOfEntry(registry, name) : undefined;
}
