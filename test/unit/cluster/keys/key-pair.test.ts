import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fingerprint, newKeyPair, readKeyPair } from '../../../../cluster/keys/key-pair.js';
import { Secret } from '../../../../lib/secret.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const pem = (type: 'pkcs1' | 'pkcs8') => key.export({ type, format: 'pem' }).toString();
const spki = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
const failureOf = (text: string) => kitErrorOf(() => readKeyPair(new Secret(text), 'the/place'));

describe('newKeyPair', () => {
  test('is RSA 2048: PKCS#1 private, SPKI public, halves of one key', async () => {
    const { privateKey, publicKey } = await newKeyPair();
    expect(privateKey.reveal()).toMatch(
      /^-----BEGIN RSA PRIVATE KEY-----\n[\s\S]+\n-----END RSA PRIVATE KEY-----\n$/,
    );
    expect(publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----\n[\s\S]+\n-----END PUBLIC KEY-----\n$/);
    const details = createPrivateKey(privateKey.reveal()).asymmetricKeyDetails;
    expect(details?.modulusLength).toBe(2048);
    expect(createPublicKey(privateKey.reveal()).equals(createPublicKey(publicKey))).toBe(true);
  });

  test('is another one every time', async () => {
    const [a, b] = await Promise.all([newKeyPair(), newKeyPair()]);
    expect(a.publicKey).not.toBe(b.publicKey);
  });
});

describe('readKeyPair', () => {
  test.each([
    ['PKCS#1', pem('pkcs1')],
    ['PKCS#8', pem('pkcs8')],
    ['PKCS#1 with CRLF', pem('pkcs1').replaceAll('\n', '\r\n')],
    ['PKCS#8 with CRLF', pem('pkcs8').replaceAll('\n', '\r\n')],
    ['one line with literal \\n', pem('pkcs1').replaceAll('\n', '\\n')],
    [
      'one line with literal \\r\\n, as the first CLIs wrote',
      pem('pkcs8').replaceAll('\n', '\\r\\n'),
    ],
    ['no newline at the end', pem('pkcs1').trimEnd()],
    ['blank lines around', `\n\n${pem('pkcs1')}\n\n`],
  ])('reads %s as the same pair', (_, text) => {
    const pair = readKeyPair(new Secret(text), 'the/place');
    expect(pair.privateKey.reveal()).toBe(pem('pkcs1'));
    expect(pair.publicKey).toBe(spki);
  });

  test.each([
    ['nothing', '', 'not a private key in PEM form'],
    ['no PEM', 'not a key', 'not a private key in PEM form'],
    ['half a key', pem('pkcs1').slice(0, 400), 'not a private key in PEM form'],
    ['a public key', spki, 'not a private key in PEM form'],
    [
      'an EC key',
      generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
      'a key of type ec, not RSA',
    ],
    [
      'an Ed25519 key',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      'a key of type ed25519, not RSA',
    ],
    [
      'a key under a passphrase',
      key
        .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
        .toString(),
      'not a private key in PEM form',
    ],
  ])('fails at %s', async (_, text, message) => {
    const error = await failureOf(text);
    expect(error).toMatchObject({ code: 'key-invalid', exitCode: 2 });
    expect(error.problems).toEqual([
      {
        path: 'the/place',
        message,
        hint: 'Pass an RSA private key as PEM, PKCS#1 or PKCS#8, without passphrase.',
      },
    ]);
  });

  test('never repeats what it could not read', async () => {
    const error = await failureOf(pem('pkcs1').replace('RSA PRIVATE', 'DSA PRIVATE'));
    expect(`${error.stack} ${String(error.cause)}`).not.toContain(pem('pkcs1').slice(60, 90));
  });
});

describe('fingerprint', () => {
  test('is SHA256 over the DER form, whatever dialect the PEM is in', () => {
    const pkcs1 = createPublicKey(key).export({ type: 'pkcs1', format: 'pem' }).toString();
    expect(fingerprint(spki)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(fingerprint(spki.replaceAll('\n', '\r\n'))).toBe(fingerprint(spki));
    expect(fingerprint(pkcs1)).toBe(fingerprint(spki));
  });
});
