import { createPublicKey, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  isFitting,
  newPinnedCertificate,
} from '../../../../cluster/configuration/pinned-certificate.js';

const NOW = new Date('2030-01-02T03:04:05Z');
const wish = { cluster: 'staging', host: '203.0.113.7', now: NOW };
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);

describe('a pinned certificate', () => {
  test('is for one address, for ten years, and no authority', async () => {
    const { certificate, key } = await newPinnedCertificate(wish);
    const parsed = new X509Certificate(certificate);
    expect(parsed.subject).toBe('CN=clusterkit staging');
    expect(parsed.issuer).toBe(parsed.subject);
    expect(parsed.subjectAltName).toBe('IP Address:203.0.113.7');
    expect(parsed.ca).toBe(false);
    expect(new Date(parsed.validFrom)).toEqual(inDays(-1));
    expect(new Date(parsed.validTo)).toEqual(inDays(3652));
    expect(parsed.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(createPublicKey(key.reveal()).equals(parsed.publicKey)).toBe(true);
    expect(parsed.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  });

  test('no two are alike', async () => {
    const [one, other] = await Promise.all([
      newPinnedCertificate(wish),
      newPinnedCertificate(wish),
    ]);
    expect(new X509Certificate(one.certificate).serialNumber).not.toBe(
      new X509Certificate(other.certificate).serialNumber,
    );
    expect(one.key.reveal()).not.toBe(other.key.reveal());
  });

  test('of a name, and of an address of version 6', async () => {
    const named = await newPinnedCertificate({ ...wish, host: 'api.example.com' });
    expect(new X509Certificate(named.certificate).subjectAltName).toBe('DNS:api.example.com');
    const six = await newPinnedCertificate({ ...wish, host: '2001:db8::7' });
    expect(isFitting(six, { ...wish, host: '2001:db8::7' })).toBe(true);
  });

  test('fits its own address, until it is nearly over', async () => {
    const own = await newPinnedCertificate(wish);
    expect(isFitting(own, wish)).toBe(true);
    expect(isFitting(own, { ...wish, cluster: 'renamed' })).toBe(true);
    expect(isFitting(own, { ...wish, host: '203.0.113.8' })).toBe(false);
    expect(isFitting(own, { ...wish, now: inDays(3652 - 91) })).toBe(true);
    expect(isFitting(own, { ...wish, now: inDays(3652 - 89) })).toBe(false);
  });

  test('does not fit with the key of another, or damaged', async () => {
    const own = await newPinnedCertificate(wish);
    const { key } = await newPinnedCertificate(wish);
    expect(isFitting({ ...own, key }, wish)).toBe(false);
    expect(isFitting({ ...own, certificate: 'no certificate' }, wish)).toBe(false);
  });
});
