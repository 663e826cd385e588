import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../../lib/secret.js';

/** The authentication method that every client of MySQL and MariaDB knows. */
export const NATIVE = 'mysql_native_password';
/**
 * The default of MySQL 8; it asks for the whole password when the user is not in the server's
 * cache.
 */
export const CACHING = 'caching_sha2_password';

const hash = (algorithm: 'sha1' | 'sha256', ...parts: Buffer[]) =>
  parts.reduce((sum, part) => sum.update(part), createHash(algorithm)).digest();

const xor = (a: Buffer, b: Buffer) => a.map((byte, index) => byte ^ (b[index] ?? 0)) as Buffer;

function nativeAuthResponse(password: Buffer, nonce: Buffer): Buffer {
  const once = hash('sha1', password);
  return xor(once, hash('sha1', nonce, hash('sha1', once)));
}

function cachingAuthResponse(password: Buffer, nonce: Buffer): Buffer {
  const once = hash('sha256', password);
  return xor(once, hash('sha256', hash('sha256', once), nonce));
}

/** The plain password: only for encrypted connections. */
export const clearAuthResponse = (password: Secret): Buffer =>
  Buffer.from(`${password.reveal()}\0`);

/**
 * The client's answer to an authentication method, for a connection with TLS.
 * @returns `undefined` for an unknown method
 */
export function authResponseFor(
  plugin: string,
  password: Secret,
  nonce: Buffer,
): Buffer | undefined {
  const plain = Buffer.from(password.reveal());
  if (plugin === 'sha256_password' || plugin === 'mysql_clear_password')
    return clearAuthResponse(password);
  if (plugin !== NATIVE && plugin !== CACHING) return undefined;
  if (plain.length === 0) return plain;
  return (plugin === NATIVE ? nativeAuthResponse : cachingAuthResponse)(plain, nonce);
}

/** Verifies a client's {@link NATIVE} answer: does the client know the password? */
export function isAuthResponseOf(authResponse: Buffer, password: Secret, nonce: Buffer): boolean {
  const expected = authResponseFor(NATIVE, password, nonce);
  return expected?.length === authResponse.length && timingSafeEqual(expected, authResponse);
}
