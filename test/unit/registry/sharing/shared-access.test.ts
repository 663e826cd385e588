import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newPinnedCertificate } from '../../../../cluster/configuration/pinned-certificate.js';
import { Secret } from '../../../../lib/secret.js';
import {
  accessText,
  parseAccess,
  type SharedAccess,
} from '../../../../registry/sharing/shared-access.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

const HOST = 'https://192.0.2.1:4466';
const { certificate } = await newPinnedCertificate({
  ...{ cluster: 'a', host: '192.0.2.1', now: new Date() },
});
const access: SharedAccess = { name: 'a', host: HOST, clusterSecret: new Secret('hush') };
const plain = ({ clusterSecret, ...rest }: SharedAccess) => ({
  ...rest,
  clusterSecret: clusterSecret.reveal(),
});
const errorOf = (document: unknown) =>
  kitErrorOf(() => Promise.resolve().then(() => parseAccess(JSON.stringify(document), 'a.age')));

test('without certificate: version 1, which older kits can read', () => {
  expect(JSON.parse(accessText(access))).toEqual({
    ...{ version: 1, name: 'a', host: HOST, clusterSecret: 'hush' },
  });
});

test('with a certificate: version 2, for which older kits report that an update is needed', () => {
  expect(JSON.parse(accessText({ ...access, certificate }))).toEqual({
    ...{ version: 2, name: 'a', host: HOST, clusterSecret: 'hush', certificate },
  });
});

test('whatever is written is read', () => {
  const word = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(word, word, word, fc.boolean(), (name, host, secret, isPinned) => {
      const one = { name, host, clusterSecret: new Secret(secret) };
      const whole = isPinned ? { ...one, certificate } : one;
      expect(plain(parseAccess(accessText(whole), 'x'))).toEqual(plain(whole));
    }),
  );
});

test.each([
  ['a certificate that is none', { version: 2, certificate: 'hush' }],
  ['a certificate in the first form', { version: 1, certificate }],
  ['the second form without one', { version: 2 }],
  ['more than it may have', { version: 2, certificate, more: 1 }],
])('fails on %s, without printing it', async (_what, different) => {
  const error = await errorOf({ name: 'a', host: HOST, clusterSecret: 'hush', ...different });
  expect(error).toMatchObject({ code: 'access-malformed', exitCode: 2 });
  expect(error.message).toContain('is not an exported cluster');
  expect(error.message).not.toContain('hush');
});

test('fails on a form of the future with the advice to install it', async () => {
  const error = await errorOf({ version: 3 });
  expect(error.message).toContain('newer clusterkit (form 3; this one reads 2)');
});
