import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { joinCertificates } from '../../../../service/handover/join-certificates.js';
import { TestAuthority } from '../../../support/certificates.js';

const [A, B, C, laterA] = (
  await Promise.all(['A', 'B', 'C', 'A'].map((name) => TestAuthority.create(name)))
).map(({ certificate }) => certificate) as [string, string, string, string];
const subjects = (pem: string) =>
  (pem.match(/-----BEGIN[^-]*-----[^-]*-----END[^-]*-----/g) ?? []).map(
    (block) => new X509Certificate(block).subject,
  );

test('first the server’s, then the others, without duplicates and comments', () => {
  const joined = joinCertificates(`# mine\n${A}`, `${B}\r\n# theirs\n${A}${C}${B}`);
  expect(joined).toMatchObject({ added: 2, damaged: 0 });
  expect(subjects(joined.pem)).toEqual(['CN=A', 'CN=B', 'CN=C']);
  expect(joined.pem).not.toContain('#');
});

test('joining a result again gives the same text', () => {
  const { pem } = joinCertificates(A, B);
  expect(joinCertificates(A, pem).pem).toBe(pem);
});

test('skips certificates with the server’s subject', () => {
  const { pem, added } = joinCertificates(laterA, `${A}${B}`);
  expect(added).toBe(1);
  expect(pem).toBe(joinCertificates(laterA, B).pem);
});

test('skips damaged certificates, and keeps the ones behind them', () => {
  const damaged = C.replace(/\n[A-Za-z0-9+/]{8}/, '\nAAAAAAAA');
  const joined = joinCertificates(A, `${damaged}${B}`);
  expect(joined).toMatchObject({ added: 1, damaged: 1 });
  expect(subjects(joined.pem)).toEqual(['CN=A', 'CN=B']);
});

test('the older label is a certificate, a key is none', () => {
  const old = B.replaceAll(' CERTIFICATE', ' X509 CERTIFICATE');
  const key = C.replaceAll(' CERTIFICATE', ' PRIVATE KEY');
  expect(subjects(joinCertificates(A, `${key}${old}`).pem)).toEqual(['CN=A', 'CN=B']);
});

test('nothing adds nothing', () => {
  expect(joinCertificates(A, 'hello')).toEqual({ ...joinCertificates(A, ''), added: 0 });
});
