import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../lib/secret.js';
import { awaitServer } from '../../../../prisma/probe/await-server.js';
import { CertificateRefused } from '../../../../prisma/probe/certificate-refused.js';
import { askManagement } from '../../../../prisma/probe/management-client.js';
import { readVersion } from '../../../../prisma/probe/read-version.js';
import { trustIn } from '../../../../prisma/probe/server-trust.js';
import { certificateFor, httpsServer } from '../../../support/https-server.js';

const refusal = async (work: Promise<unknown>) => {
  const error = await work.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CertificateRefused);
  return error as CertificateRefused;
};
const fingerprintOf = (pem: string) => new X509Certificate(pem).fingerprint256;

describe('the certificate of a server', () => {
  test('pinned: its own is trusted', async () => {
    const own = await certificateFor();
    const { host } = await httpsServer(own);
    const trust = trustIn(own.certificate);
    expect(trust.fingerprint).toBe(fingerprintOf(own.certificate));
    expect(await readVersion(host, { trust })).toMatchObject({ version: '1.8.4' });
  });

  test('pinned: another is refused, both are named, and nothing was sent', async () => {
    const [own, other] = await Promise.all([certificateFor(), certificateFor()]);
    const { host, seen } = await httpsServer(other);
    const query = { host, query: '{ a }', token: new Secret('the token') };
    const error = await refusal(askManagement({ ...query, trust: trustIn(own.certificate) }));
    expect(error.code).toBe('certificate-changed');
    expect(error.message).toContain(fingerprintOf(own.certificate));
    expect(error.message).toContain(fingerprintOf(other.certificate));
    expect(error.hint).toContain('clusterkit up');
    expect(seen).toEqual([]);
  });

  test('nobody told of it: refused as untrusted, not as offline', async () => {
    const own = await certificateFor();
    const { host, seen } = await httpsServer(own);
    const error = await refusal(askManagement({ host, query: '{ a }' }));
    expect(error.code).toBe('certificate-untrusted');
    expect(error.message).toContain(fingerprintOf(own.certificate));
    expect(seen).toEqual([]);
  });

  test('of another address, and expired', async () => {
    const moved = await certificateFor('127.0.0.2');
    const elsewhere = await httpsServer(moved);
    const name = await refusal(readVersion(elsewhere.host, { trust: trustIn(moved.certificate) }));
    expect(name.code).toBe('certificate-name');
    const old = await certificateFor('127.0.0.1', new Date('2001-01-01'));
    const late = await httpsServer(old);
    const expired = await refusal(readVersion(late.host, { trust: trustIn(old.certificate) }));
    expect(expired.code).toBe('certificate-expired');
  });

  test('waiting for a server ends at once when its certificate is another', async () => {
    const [own, other] = await Promise.all([certificateFor(), certificateFor()]);
    const { host } = await httpsServer(other);
    const waiting = awaitServer({
      ...{ host, trust: trustIn(own.certificate) },
      whyHopeless: async () => undefined,
      evidence: async () => 'log',
    });
    await expect(waiting).rejects.toMatchObject({ code: 'certificate-changed', exitCode: 3 });
  });

  test('what is no certificate is told so', () => {
    expect(() => trustIn('hello')).toThrow('not a certificate in PEM form');
  });
});
