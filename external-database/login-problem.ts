import type { DatabaseLogin } from '../clients/database/database-login.js';
import type { Unreachable, UnreachableReason } from '../clients/database/unreachable.js';
import { environmentError, type KitError, usageError } from '../lib/errors.js';

/** Where the settings of a database are, for messages. */
export interface SettingsPlace {
  /** Such as `clusters.local.database.external`. */
  readonly path: string;
  /** Name of the key that tells the password. */
  readonly passwordKey: 'passwordFile' | 'passwordEnv';
  /** What else may be wrong when nothing answers. @default - nothing */
  readonly reachHint?: string;
}

const TLS_REASONS: readonly UnreachableReason[] = ['no-tls', 'untrusted', 'wrong-name', 'expired'];

const KEYS: Readonly<Record<UnreachableReason, string>> = {
  'unknown-host': 'host',
  refused: 'port',
  'timed-out': 'host',
  lost: 'port',
  'no-tls': 'ssl',
  untrusted: 'caFile',
  'wrong-name': 'host',
  expired: 'host',
};

const HINTS: Readonly<Record<UnreachableReason, string>> = {
  'unknown-host': 'Write the name or address as its provider tells it.',
  refused: 'Is it running, on this port, and does it listen on more than its own loopback?',
  'timed-out': 'Is a firewall in between? It must let this machine in.',
  lost: 'Is it a database of this kind?',
  'no-tls': 'Switch TLS on at the database; ssl: disable is for networks that nobody else is on.',
  untrusted: "Name the file of the database's own certificate authority; its provider has it.",
  'wrong-name': 'Write the host as the certificate names it, or give the database another one.',
  expired: 'Give the database a new certificate.',
};

/** No trusted connection, as an error of the settings (exit 2) or of the world (exit 3). */
export function transportError(error: Unreachable, { path, reachHint }: SettingsPlace): KitError {
  const { reason, message } = error;
  const isTls = TLS_REASONS.includes(reason);
  const hint = isTls || reachHint === undefined ? HINTS[reason] : `${HINTS[reason]} ${reachHint}`;
  const problem = { path: `${path}.${KEYS[reason]}`, message, hint };
  return isTls
    ? usageError('database-untrusted', problem, error)
    : environmentError('database-unreachable', problem, error);
}

/** Numbers and SQLSTATE by which databases refuse a login. */
const REFUSED = new Set<unknown>(['28P01', '28000', 1045, 1044, 1130, 1698]);
const NO_DATABASE = new Set<unknown>(['3D000', 1049]);

/** The driver of PostgreSQL gives a time-out no code. */
const SILENT = /^(query read timeout|timeout expired|connection terminated)/i;

/** A login that failed, as an error. What is no answer of the database comes back as it is. */
export function loginError(
  error: unknown,
  login: Pick<DatabaseLogin, 'user' | 'database' | 'host' | 'port'>,
  { path, passwordKey }: SettingsPlace,
): unknown {
  const { code, errno, message } = error as { code?: unknown; errno?: unknown; message?: string };
  const is = (known: Set<unknown>) => known.has(code) || known.has(errno);
  if (is(REFUSED)) {
    return usageError(
      'database-login-refused',
      {
        path: `${path}.${passwordKey}`,
        message: `the database refuses user '${login.user}' with this password: ${message}`,
        hint: 'Check user and password, and whether the database lets this user in from here.',
      },
      error,
    );
  }
  if (is(NO_DATABASE)) {
    return usageError(
      'database-missing',
      {
        path: `${path}.database`,
        message: `there is no database '${login.database}' at ${login.host}:${login.port}`,
        hint: `Make it there: create database "${login.database}" owner "${login.user}".`,
      },
      error,
    );
  }
  if (code === undefined && !SILENT.test(String(message))) return error;
  return environmentError(
    'database-unusable',
    {
      path,
      message: `the database at ${login.host}:${login.port} does not do what it was asked: ${message}`,
      hint: 'Look into its log.',
    },
    error,
  );
}
