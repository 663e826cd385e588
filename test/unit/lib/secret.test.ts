import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { redact, Secret } from '../../../lib/secret.js';

describe('Secret', () => {
  const secret = new Secret('hunter2');

  test('shows itself nowhere', () => {
    const shown = [
      `${secret}`,
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret }),
      inspect(secret, { showHidden: true, depth: 9 }),
      Object.values(secret).join(),
    ].join('\n');
    expect(shown).not.toContain('hunter2');
    expect(shown).toContain('[secret]');
  });

  test('reveals itself on demand', () => expect(secret.reveal()).toBe('hunter2'));
});

describe('redact', () => {
  const pem = new Secret(
    '-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAuQ==\nshort\n-----END RSA PRIVATE KEY-----\n',
  );

  test('blanks every occurrence of every secret', () => {
    const secrets = [new Secret('hunter2'), new Secret('hunter22')];
    expect(redact('a hunter2 b hunter22 c hunter2', secrets)).toBe(
      'a [secret] b [secret] c [secret]',
    );
  });

  test('blanks single lines of a secret, but not such as are common words', () => {
    expect(redact('log: MIIEowIBAAKCAQEAuQ== and short', [pem])).toBe('log: [secret] and short');
  });

  test('blanks a key whose line ends were changed or escaped', () => {
    for (const lineEnd of ['\r\n', '\\n', '\\r\\n', ' ']) {
      const text = pem.reveal().replaceAll('\n', lineEnd);
      expect(redact(text, [pem])).not.toContain('MIIEowIBAAKCAQEAuQ==');
    }
  });

  test('takes special characters as they are', () => {
    expect(redact('a $&.*(b c', [new Secret('$&.*(b')])).toBe('a [secret] c');
  });

  test('leaves text alone when there is nothing to hide', () => {
    expect(redact('a b', [])).toBe('a b');
    expect(redact('a b', [new Secret('')])).toBe('a b');
  });
});
