import { createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { newKeyPair } from '../../../../cluster/keys/key-pair.js';
import { Secret } from '../../../../lib/secret.js';
import { derivedSecret, deriveFrom } from '../../../../prisma/tokens/derived-secret.js';

const { privateKey, publicKey } = await newKeyPair();

test('HKDF-SHA256 of the private key, the same for every form of it', () => {
  const pkcs8 = createPrivateKey(privateKey.reveal()).export({ type: 'pkcs8', format: 'pem' });
  const der = createPrivateKey(privateKey.reveal()).export({ type: 'pkcs8', format: 'der' });
  const context = 'clusterkit shared secret of a key pair, version 1';
  const expected = Buffer.from(hkdfSync('sha256', der, '', context, 32)).toString('base64url');
  expect(derivedSecret(privateKey).reveal()).toBe(expected);
  expect(derivedSecret(new Secret(pkcs8.toString())).reveal()).toBe(expected);
  expect(expected).toMatch(/^[\w-]{43}$/);
});

test('another key has another one; the public key leads to neither', async () => {
  const other = (await newKeyPair()).privateKey;
  const spki = createPublicKey(publicKey).export({ type: 'spki', format: 'der' });
  const all = [derivedSecret(privateKey), derivedSecret(other), deriveFrom(spki)];
  expect(new Set(all.map((each) => each.reveal())).size).toBe(3);
  expect(() => derivedSecret(new Secret(publicKey))).toThrow();
});
