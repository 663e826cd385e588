import { createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { newKeyPair } from '../../../lib/keys/key-pair.js';
import { Secret } from '../../../lib/secret.js';
import { renderConfiguration } from '../../../lib/server/render-configuration.js';

let publicKey: string;
beforeAll(async () => {
  publicKey = (await newKeyPair()).publicKey;
});

const render = (custom: { user?: string; password?: string; host?: string } = {}) =>
  renderConfiguration({
    port: 4466,
    publicKey,
    database: {
      host: custom.host ?? 'database',
      port: 5432,
      user: custom.user ?? 'prisma',
      password: new Secret(custom.password ?? 'word'),
      database: 'prisma',
    },
  }).reveal();

/** Servers read YAML 1.1; two parsers, so that no mistake of one is shared. */
const readings = (text: string): unknown[] => [parse(text, { version: '1.1' }), load(text)];

describe('renderConfiguration', () => {
  test('defaults: what servers 1.7 to 1.26 want, and no key more', () => {
    for (const reading of readings(render())) {
      expect(reading).toEqual({
        port: 4466,
        legacySecret: publicKey,
        databases: {
          default: {
            connector: 'postgres',
            host: 'database',
            port: 5432,
            user: 'prisma',
            password: 'word',
            database: 'prisma',
            migrations: true,
            connectionLimit: 10,
          },
        },
      });
    }
  });

  test('the public key is a block scalar and still a key', () => {
    const text = render();
    expect(text).toContain('legacySecret: |\n  -----BEGIN PUBLIC KEY-----\n  ');
    const { legacySecret } = parse(text) as { legacySecret: string };
    expect(createPublicKey(legacySecret).equals(createPublicKey(publicKey))).toBe(true);
  });

  test('never sets managementApiSecret: it would switch the public key off', () => {
    expect(render()).not.toContain('managementApiSecret');
  });

  test('is a secret itself', () => {
    const secret = renderConfiguration({
      port: 1,
      publicKey,
      database: { host: 'h', port: 1, user: 'u', password: new Secret('p'), database: 'd' },
    });
    expect(`${secret}`).toBe('[secret]');
  });

  test.each(['no', 'yes', 'on', 'null', '~', '1e3', '0x10', '012', '1:30', '2018-05-04', '', ' '])(
    'text that YAML 1.1 would take for something else stays text: %j',
    (word) => {
      for (const reading of readings(render({ user: word, password: word, host: word }))) {
        expect(reading).toMatchObject({
          databases: { default: { user: word, password: word, host: word } },
        });
      }
    },
  );

  test('any password comes out as it went in', () => {
    const special = fc.string({
      unit: fc.constantFrom(
        ...['"', "'", '#', ':', '$', '\\', '\n', '\r', '\t', ' ', '{', '}', '%', '&', '*', '!'],
        ...[
          '|',
          '>',
          '-',
          '?',
          '@',
          '`',
          ',',
          '[',
          ']',
          'a',
          '0',
          'é',
          '✓',
          '😀',
          '\u2028',
          '\u0085',
        ],
      ),
      maxLength: 40,
    });
    fc.assert(
      fc.property(fc.oneof(special, fc.string({ unit: 'grapheme' })), (password) => {
        for (const reading of readings(render({ password }))) {
          expect(reading).toMatchObject({ databases: { default: { password } } });
        }
      }),
      { numRuns: 1000 },
    );
  });
});
