// @peculiar/x509 requires it to be loaded first.
import 'reflect-metadata';
import { createPrivateKey, KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { Secret } from '../../lib/secret.js';

/** A self-signed certificate, and its key. */
export interface PinnedCertificate {
  /** PEM. Public. */
  readonly certificate: string;
  /** PKCS#8, PEM. It is stored on the host only. */
  readonly key: Secret;
}

/** Purpose of a certificate. */
export interface CertificatePurpose {
  readonly cluster: string;
  /** Address or name in the cluster's endpoint. */
  readonly host: string;
  readonly now: Date;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Clients trust this one certificate, so a new one has to be copied to every client: it lasts long. */
const VALID_DAYS = 3652;
/** Clients' clocks may be behind. */
const EARLIER_DAYS = 1;
/** One that expires sooner is replaced. */
const LEAST_DAYS_LEFT = 90;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/**
 * Creates a certificate (ECDSA P-256, ten years) for one address. It is no authority: clients that trust it
 * trust nothing else that its key signs.
 */
export async function newPinnedCertificate(
  purpose: CertificatePurpose,
): Promise<PinnedCertificate> {
  const { cluster, host, now } = purpose;
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: positiveSerial(),
    name: [{ CN: [`clusterkit ${cluster}`] }],
    notBefore: new Date(now.getTime() - EARLIER_DAYS * DAY_MS),
    notAfter: new Date(now.getTime() + VALID_DAYS * DAY_MS),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([{ type: isIP(host) === 0 ? 'dns' : 'ip', value: host }]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = KeyObject.from(keys.privateKey);
  return {
    certificate: `${certificate.toString('pem').trim()}\n`,
    key: new Secret(key.export({ type: 'pkcs8', format: 'pem' }).toString()),
  };
}

/** Does an existing certificate still fit? `false` also when it cannot be read. */
export function isFitting(
  { certificate, key }: PinnedCertificate,
  { host, now }: CertificatePurpose,
): boolean {
  try {
    const parsed = new X509Certificate(certificate);
    const names = isIP(host) === 0 ? parsed.checkHost(host) : parsed.checkIP(host);
    const leftMs = Date.parse(parsed.validTo) - now.getTime();
    return (
      names !== undefined &&
      leftMs > LEAST_DAYS_LEFT * DAY_MS &&
      parsed.checkPrivateKey(createPrivateKey(key.reveal()))
    );
  } catch {
    return false;
  }
}

/** 16 random bytes as a positive number of full length. */
function positiveSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
