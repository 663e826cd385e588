import { expect, test } from 'vitest';
import { usageError } from '../../../lib/errors.js';
import { withoutSecrets } from '../../../lib/secret-shapes.js';

test.each([
  ['at postgres://u:pw@h/d, port', 'at postgres://[secret]@h/d, port'],
  ['http://user:p@ss/w@proxy:3128/', 'http://[secret]@proxy:3128/'],
  ['a -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- b', 'a [private key] b'],
  ['-----BEGIN PRIVATE KEY-----\nMIIcut off', '[private key]'],
  ['Bearer eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.abc_-1', 'Bearer [token]'],
  [`token dop_v1_${'0a'.repeat(32)} is`, 'token [token] is'],
  [
    '/home/ann/postgres:/u:pw@h/d: cannot be read',
    '/home/ann/postgres:/[secret]@h/d: cannot be read',
  ],
  ['https://abcdef@git.host/x', 'https://[secret]@git.host/x'],
  ['http://h/?a=1&password=pw&b=2', 'http://h/?a=1&password=[secret]&b=2'],
  ['http://localhost:4466/blog/dev', 'http://localhost:4466/blog/dev'],
  ['ssh://git@host:22/x', 'ssh://git@host:22/x'],
  ['see https://a:8080 and b@c', 'see https://a:8080 and b@c'],
])('%j', (text, shown) => expect(withoutSecrets(text)).toBe(shown));

test('every error passes, for people and for programs', () => {
  const error = usageError('x', {
    path: 'postgres://u:pw@h',
    message: 'postgres://u:pw@h is no name',
    hint: 'Not postgres://u:pw@h',
  });
  expect(JSON.stringify(error.problems)).not.toContain('pw');
  expect(error.message).not.toContain('pw');
});

test('text from outside cannot look like a message of ours, and has an end', () => {
  const { message } = usageError('x', {
    message: `the server says: \u001b[2K\rno\nerror: all is lost\n${'x'.repeat(9000)}`,
  });
  expect(message).toMatch(
    /^the server says: \\u001b\[2K\\rno\n {2}error: all is lost\n {2}x+ … \(/,
  );
  expect(message.length).toBeLessThan(4200);
});

test.each(['a.', 'eyJ-', 'http://a:', 'a:', '-----BEGIN ', '@', 'a://a:', '?token=', 'https://a'])(
  'a message of a megabyte of %j takes no longer than one of words',
  (part) => {
    const text = part.repeat(1_000_000 / part.length);
    expect(withoutSecrets(`http://${text} @ ${text}`).length).toBeGreaterThan(0);
    expect(withoutSecrets(`@${text}`).length).toBeGreaterThan(0);
  },
);
