import type { DatabaseLogin } from './database-login.js';

/** Why there is no trusted connection to a database. All occur before a login. */
export type UnreachableReason =
  | 'unknown-host'
  | 'refused'
  | 'timed-out'
  /** The connection ended, or the other side speaks another protocol. */
  | 'lost'
  | 'no-tls'
  | 'untrusted'
  | 'wrong-name'
  /** The certificate is the right one, but not valid now. */
  | 'expired';

/** No trusted connection to a database: `reason` for programs, the message for the user. */
export class Unreachable extends Error {
  constructor(
    readonly reason: UnreachableReason,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'Unreachable';
  }
}

const REASONS: Readonly<Record<string, UnreachableReason>> = {
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timed-out',
  EHOSTUNREACH: 'timed-out',
  ENETUNREACH: 'timed-out',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong-name',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted',
  CERT_SIGNATURE_FAILURE: 'untrusted',
  CERT_UNTRUSTED: 'untrusted',
  CERT_REVOKED: 'untrusted',
  INVALID_CA: 'untrusted',
  INVALID_PURPOSE: 'untrusted',
};

/** The meaning of an error of a socket or of TLS. */
export function unreachableOf(error: unknown, login: Pick<DatabaseLogin, 'host' | 'port'>) {
  if (error instanceof Unreachable) return error;
  const { code = '', message } = firstOf(error) as NodeJS.ErrnoException;
  const reason = REASONS[code] ?? 'lost';
  return new Unreachable(reason, WORDS[reason](login, message || code), { cause: error });
}

/** Several addresses give several errors; the first one says the most. */
const firstOf = (error: unknown): unknown =>
  error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;

type Words = (login: Pick<DatabaseLogin, 'host' | 'port'>, detail: string) => string;

const WORDS: Readonly<Record<UnreachableReason, Words>> = {
  'unknown-host': ({ host }) => `there is no host '${host}'`,
  refused: ({ host, port }) => `${host}:${port} refuses connections`,
  'timed-out': ({ host, port }) => `${host}:${port} does not answer`,
  lost: ({ host, port }, detail) => `the connection to ${host}:${port} was lost: ${detail}`,
  'no-tls': ({ host, port }) => `${host}:${port} does not offer TLS`,
  untrusted: ({ host, port }, detail) =>
    `the certificate of ${host}:${port} is not trusted: ${detail}`,
  'wrong-name': ({ host, port }, detail) =>
    `the certificate of ${host}:${port} is for another name: ${detail}`,
  expired: ({ host, port }, detail) => `the certificate of ${host}:${port} is not valid: ${detail}`,
};

/** An {@link Unreachable} with the message of its reason. */
export const unreachable = (
  reason: UnreachableReason,
  login: Pick<DatabaseLogin, 'host' | 'port'>,
  detail = '',
) => new Unreachable(reason, WORDS[reason](login, detail));
