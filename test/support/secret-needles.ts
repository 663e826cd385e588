import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';

/**
 * What of a private key may be nowhere. Any stretch of 32 characters would do harm, so these are the
 * halves of each full line.
 */
export function pemNeedles(pem: string): string[] {
  const lines = pem.split('\n').filter((line) => /^[A-Za-z0-9+/=]{32,}$/.test(line));
  expect(lines.length).toBeGreaterThan(20);
  return lines.flatMap((line) => [line.slice(0, 32), line.slice(-32)]);
}

/** A text as it is and in base64. */
export const textNeedles = (text: string): string[] => [text, Buffer.from(text).toString('base64')];

const SEED_BYTES = 32;

/** Of an ed25519 key of OpenSSH only the seed is secret: the rest is in every such key, or public. */
export function sshKeyNeedles(key: string): string[] {
  const text = key.replaceAll(/-----.*-----|\s/g, '');
  const bytes = Buffer.from(text, 'base64');
  const point = bytes.subarray(bytes.indexOf('ssh-ed25519') + 15).subarray(0, SEED_BYTES);
  // The private part ends with seed and point in one field.
  const start = bytes.lastIndexOf(point) - SEED_BYTES;
  const seed = bytes.subarray(start, start + SEED_BYTES);
  const base64 = text.slice(Math.ceil((start * 8) / 6), Math.floor(((start + SEED_BYTES) * 8) / 6));
  expect(base64.length).toBeGreaterThan(40);
  const lines = key.split('\n').map((line) => line.trim());
  const wrapped = lines
    .filter((line) => line.length >= 16)
    .flatMap((line) =>
      [base64.slice(0, 16), base64.slice(-16)].filter((end) => line.includes(end)),
    );
  expect(wrapped.length).toBeGreaterThan(0);
  return [...new Set([base64, ...wrapped, seed.toString('hex'), seed.toString('latin1')])];
}

/** The secrets of a cluster: its private key, and the database password. */
export async function clusterNeedles(keyDirectory: string): Promise<string[]> {
  const read = (name: string) => readFile(join(keyDirectory, name), 'utf8');
  const password = (await read('database-password')).trim();
  return [...pemNeedles(await read('private.pem')), ...textNeedles(password)];
}
