import { hostname } from 'node:os';
import { environmentError, usageError } from '../lib/errors.js';
import type { Secret } from '../lib/secret.js';
import { type ServerTrust, trustIn } from '../prisma/probe/server-trust.js';
import { type SecretKind, secretKindOf } from '../prisma/tokens/signing-key.js';
import { newStrangers } from '../prisma/tokens/strangers.js';
import { trustOfEntry } from './entry-trust.js';
import { assertNoConflict } from './file/assert-no-conflict.js';
import { readRegistry } from './file/read-registry.js';
import { type WriteOutcome, writeEntry } from './file/write-entry.js';
import { type EntryHealth, probeEntry } from './probe-entry.js';
import { readClusterSecret } from './read-cluster-secret.js';
import { whyUnfit } from './secret-fit.js';

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

/** One bound over all questions to the server. */
const VERIFY_MS = 10_000;

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
  const health = verify ? await prove(host, trust, clusterSecret, allowOpen, world) : undefined;
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

async function prove(
  host: string,
  trust: ServerTrust | undefined,
  clusterSecret: Secret | undefined,
  allowOpen: boolean,
  { now, signal }: RegistryWorld,
): Promise<EntryHealth> {
  const health = await probeEntry({
    host,
    trust,
    clusterSecret,
    strangers: await newStrangers(),
    now: now(),
    signal: AbortSignal.any([signal, AbortSignal.timeout(VERIFY_MS)]),
  });
  signal.throwIfAborted();
  if (health.online && health.auth === 'ok') return health;
  if (health.auth === 'open' && allowOpen) return health;
  if (health.refusal !== undefined) {
    const { code, hint } = health.refusal;
    const message = health.message ?? 'its certificate is refused';
    throw environmentError(code, { path: host, message, hint: `${hint} ${CERTIFICATE_OPTION}` });
  }
  const { code, message, hint } = health.online
    ? reasonOf(health, clusterSecret && secretKindOf(clusterSecret))
    : OFFLINE;
  const words = health.message === undefined ? '' : ` (${health.message})`;
  throw environmentError(code, { path: host, message: message + words, hint });
}

const CERTIFICATE_OPTION = 'Or give the certificate that you trust: --certificate FILE.';
const OFFLINE = {
  code: 'server-unreachable',
  message: 'no Prisma 1 server answers',
  hint: 'Start it, mend the address, or add the entry unseen with --no-verify.',
};
const UNCLEAR = {
  code: 'auth-unclear',
  message: 'the server neither accepts nor refuses the key',
  hint: 'Its database may be out of reach. Try again, or add the entry unseen with --no-verify.',
};

function reasonOf(health: EntryHealth, kind: SecretKind | undefined) {
  const why = kind && whyUnfit(health, kind);
  const also = why === undefined ? '' : ` ${why}`;
  const given = kind === 'secret' ? 'secret' : 'key';
  switch (health.auth) {
    case 'open':
      return {
        code: 'server-open',
        message: 'the server lets callers in without the cluster’s key',
        hint:
          kind === 'secret'
            ? `Start it with this secret as managementApiSecret, or say --allow-open.${also}`
            : `Give it the public key (clusterkit cluster public-key), or say --allow-open.${also}`,
      };
    case 'refused':
      return {
        code: 'key-refused',
        message: `the server refuses this ${given}`,
        hint:
          kind === 'secret'
            ? `It runs with another secret, or with a key pair. Give the right one, or --no-verify.${also}`
            : `Its public key is of another pair. Give the right private key, or --no-verify.${also}`,
      };
    default:
      return UNCLEAR;
  }
}
