// @peculiar/x509 asks for it to be there first.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

/** A certificate and its key (PEM). */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** An authority for one test. */
export class TestAuthority {
  private constructor(
    private readonly keys: webcrypto.CryptoKeyPair,
    /** PEM. */
    readonly certificate: string,
  ) {}

  static async create(name = 'Test Authority'): Promise<TestAuthority> {
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const certificate = await X509CertificateGenerator.createSelfSigned({
      ...{ keys, signingAlgorithm: ALGORITHM, name: [{ CN: [name] }] },
      ...{ serialNumber: serial(), ...validity(1) },
      extensions: [new BasicConstraintsExtension(true, 0, true)],
    });
    return new TestAuthority(keys, `${certificate.toString('pem')}\n`);
  }

  /** @param names addresses and host names. @param days until it expires, negative for one that has */
  async issue(names: readonly string[], days = 1): Promise<TestCertificate> {
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const certificate = await X509CertificateGenerator.create({
      ...{ publicKey: keys.publicKey, signingKey: this.keys.privateKey },
      ...{ signingAlgorithm: ALGORITHM, serialNumber: serial(), ...validity(days) },
      issuer: [{ CN: ['Test Authority'] }],
      subject: [{ CN: ['test database'] }],
      extensions: [
        new SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
        ),
      ],
    });
    const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
    const lines =
      Buffer.from(key)
        .toString('base64')
        .match(/.{1,64}/g) ?? [];
    return {
      certificate: `${certificate.toString('pem')}\n`,
      key: ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n'),
    };
  }
}

const serial = () => `40${randomBytes(15).toString('hex')}`;
const validity = (days: number) => ({
  notBefore: new Date(Date.now() - 30 * DAY_MS),
  notAfter: new Date(Date.now() + days * DAY_MS),
});
