import { generateKeyPairSync, randomBytes } from 'node:crypto';

const TYPE = 'ssh-ed25519';
const BLOCK = 8;

/**
 * Creates an ed25519 private key, `BEGIN OPENSSH PRIVATE KEY`, without passphrase. Our own code, because
 * ssh2 1.17 drops leading zero bytes: 1 of 256 keys that it creates cannot be used.
 */
export function newOpensshKey(): string {
  // Exported with the generation: Node 20 can hang forever on the export of a new key object.
  const { publicKey, privateKey } = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  return renderOpensshKey(publicKey.subarray(-32), privateKey.subarray(-32));
}

/** The format of OpenSSH's PROTOCOL.key, for 32 bytes of point and 32 bytes of seed. */
export function renderOpensshKey(point: Buffer, seed: Buffer): string {
  const check = randomBytes(4);
  const secret = Buffer.concat([
    check,
    check,
    field(TYPE),
    field(point),
    field(Buffer.concat([seed, point])),
    field(''),
  ]);
  const padding = Array.from(
    { length: (BLOCK - (secret.length % BLOCK)) % BLOCK },
    (_, i) => i + 1,
  );
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    Buffer.from([0, 0, 0, 1]),
    field(Buffer.concat([field(TYPE), field(point)])),
    field(Buffer.concat([secret, Buffer.from(padding)])),
  ]);
  const lines = whole.toString('base64').match(/.{1,70}/g) ?? [];
  return [
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    ...lines,
    '-----END OPENSSH PRIVATE KEY-----',
    '',
  ].join('\n');
}

function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
