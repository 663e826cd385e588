import type { DatabaseLogin } from '../clients/database/database-login.js';
import type { Unreachable, UnreachableReason } from '../clients/database/unreachable.js';
import { environmentError, type KitError, usageError } from '../lib/errors.js';

/** Names the settings of a database in messages. */
export interface SettingsPlace {
  /** Such as `clusters.local.database.external`. */
  readonly path: string;
  /** Key of the setting that gives the password. */
  readonly passwordKey: 'passwordFile' | 'passwordEnv';
  /** Another possible cause when nothing answers. @default - none */
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
  'unknown-host': 'Check the host name or address with the provider of the database.',
  refused: 'Is it running on this port, and does it listen on more than its own loopback?',
  'timed-out': 'Check the firewalls in between: they must allow this machine.',
  lost: 'Check whether the database is of the configured kind.',
  'no-tls': 'Enable TLS on the database; ssl: disable is for networks without other users.',
  untrusted: "Set caFile to the certificate of the database's authority, which its provider has.",
  'wrong-name':
    'Write the host as the certificate names it, or renew the certificate with this name.',
  expired: 'Renew the certificate of the database.',
};

/** A failed connection, as an error of the settings (exit 2) or of the environment (exit 3). */
export function transportError(error: Unreachable, { path, reachHint }: SettingsPlace): KitError {
  const { reason, message } = error;
  const isTls = TLS_REASONS.includes(reason);
  const hint = isTls || reachHint === undefined ? HINTS[reason] : `${HINTS[reason]} ${reachHint}`;
  const problem = { path: `${path}.${KEYS[reason]}`, message, hint };
  return isTls
    ? usageError('database-untrusted', { ...problem, cause: error })
    : environmentError('database-unreachable', { ...problem, cause: error });
}

/** Error numbers and SQLSTATEs of a refused login. */
const REFUSED = new Set<unknown>(['28P01', '28000', 1045, 1044, 1130, 1698]);
const NO_DATABASE = new Set<unknown>(['3D000', 1049]);

/** PostgreSQL's driver reports a time-out without a code. */
const SILENT = /^(query read timeout|timeout expired|connection terminated)/i;

/** A failed login as an error. Errors that do not come from the database are returned unchanged. */
export function loginError(
  error: unknown,
  login: Pick<DatabaseLogin, 'user' | 'database' | 'host' | 'port'>,
  { path, passwordKey }: SettingsPlace,
): unknown {
  const { code, errno, message } = error as { code?: unknown; errno?: unknown; message?: string };
  const is = (known: Set<unknown>) => known.has(code) || known.has(errno);
  if (is(REFUSED)) {
    return usageError('database-login-refused', {
      path: `${path}.${passwordKey}`,
      message: `the database refuses user '${login.user}' with this password: ${message}`,
      hint: 'Check user and password, and whether the database accepts this user from this address.',
      cause: error,
    });
  }
  if (is(NO_DATABASE)) {
    return usageError('database-missing', {
      path: `${path}.database`,
      message: `there is no database '${login.database}' at ${login.host}:${login.port}`,
      hint: `Create it: create database "${login.database}" owner "${login.user}".`,
      cause: error,
    });
  }
  if (code === undefined && !SILENT.test(String(message))) return error;
  return environmentError('database-unusable', {
    path,
    message: `the database at ${login.host}:${login.port} reports an error: ${message}`,
    hint: 'Check the log of the database.',
    cause: error,
  });
}
