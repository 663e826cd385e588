import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { usageError } from '../../lib/errors.js';
import { fingerprintOfDer } from '../../lib/fingerprint.js';
import { Secret } from '../../lib/secret.js';

/** An RSA key pair in the forms that Prisma 1 reads. */
export interface KeyPair {
  /** PKCS#1 PEM (`BEGIN RSA PRIVATE KEY`): what CLI 1.0-1.8 sign cluster tokens with. */
  readonly privateKey: Secret;
  /** SPKI PEM (`BEGIN PUBLIC KEY`): what servers check cluster tokens with. */
  readonly publicKey: string;
}

/** Creates an RSA key pair of 2048 bits. */
export async function newKeyPair(): Promise<KeyPair> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return toKeyPair(privateKey);
}

/**
 * Reads the pair of a private key, in any form found in practice: PKCS#1 or PKCS#8, LF or CRLF, or on one
 * line with literal `\n` or `\r\n`, as the first CLIs stored it.
 *
 * @throws KitError `key-invalid` (exit 2) when it is no RSA private key; the message never contains the key
 */
export function readKeyPair(pem: Secret, path: string): KeyPair {
  const text = pem
    .reveal()
    .replaceAll('\\r', '')
    .replaceAll('\\n', '\n')
    .replaceAll('\r', '')
    .trim();
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch (cause) {
    throw invalidKey(path, 'not a private key in PEM form', cause);
  }
  if (key.asymmetricKeyType !== 'rsa') {
    throw invalidKey(path, `a key of type ${key.asymmetricKeyType ?? 'unknown'}, not RSA`);
  }
  return toKeyPair(key);
}

/** `SHA256:<base64>` of a public key's DER form: the same for every PEM form. */
export function fingerprint(publicKey: string): string {
  const der = createPublicKey(publicKey).export({ type: 'spki', format: 'der' });
  return fingerprintOfDer(der);
}

function toKeyPair(key: KeyObject): KeyPair {
  return {
    privateKey: new Secret(key.export({ type: 'pkcs1', format: 'pem' }).toString()),
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
  };
}

function invalidKey(path: string, message: string, cause?: unknown) {
  return usageError('key-invalid', {
    path,
    message,
    hint: 'Pass an RSA private key as PEM, PKCS#1 or PKCS#8, without passphrase.',
    cause,
  });
}
