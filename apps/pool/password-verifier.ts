import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { Secret } from '../../lib/secret.js';

const ITERATIONS = 4096;

/** The first release with SCRAM, as `server_version_num`. */
const SCRAM_SINCE = 100_000;

/**
 * What PostgreSQL stores of a password. Statements have it in place of the password, so that no log of the database
 * gets that. The same password gives the same verifier: its salt is derived from the password, which is 256 random bits.
 */
export function passwordVerifier(password: Secret, role: string, version: number): string {
  const text = password.reveal();
  if (version < SCRAM_SINCE) {
    return `md5${createHash('md5').update(`${text}${role}`).digest('hex')}`;
  }
  const salt = hmac(text, `salt of ${role}`).subarray(0, 16);
  const salted = pbkdf2Sync(text, salt, ITERATIONS, 32, 'sha256');
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
  const serverKey = hmac(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

const hmac = (key: string | Buffer, text: string) =>
  createHmac('sha256', key).update(text).digest();
