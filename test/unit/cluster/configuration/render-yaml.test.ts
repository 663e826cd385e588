import { createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderYaml } from '../../../../cluster/configuration/render-yaml.js';
import type { ServerAccess } from '../../../../cluster/configuration/server-configuration.js';
import { newKeyPair } from '../../../../cluster/keys/key-pair.js';
import { Secret } from '../../../../lib/secret.js';
import { specialText } from './special-text.js';

let publicKey: string;
beforeAll(async () => {
  publicKey = (await newKeyPair()).publicKey;
});

interface Custom {
  readonly access?: ServerAccess;
  readonly connector?: 'postgres' | 'mysql';
  readonly user?: string;
  readonly password?: string;
  readonly host?: string;
}

const configuration = (custom: Custom = {}) => ({
  port: 4466,
  access: custom.access ?? ({ auth: 'rsa', publicKey } as const),
  database: {
    connector: custom.connector ?? ('postgres' as const),
    host: custom.host ?? 'database',
    port: custom.connector === 'mysql' ? 3306 : 5432,
    user: custom.user ?? 'prisma',
    password: new Secret(custom.password ?? 'word'),
  },
});
const render = (custom: Custom = {}) => renderYaml(configuration(custom)).reveal();

/** Servers read YAML 1.1; two parsers, so that no mistake of one is shared. */
const readings = (text: string): unknown[] => [parse(text, { version: '1.1' }), load(text)];

const database = {
  connector: 'postgres',
  host: 'database',
  port: 5432,
  user: 'prisma',
  password: 'word',
  database: 'prisma',
  migrations: true,
  connectionLimit: 10,
};

describe('renderYaml', () => {
  test('a key pair: what servers 1.7 to 1.26 want, and no key more', () => {
    for (const reading of readings(render())) {
      expect(reading).toEqual({
        port: 4466,
        legacySecret: publicKey,
        databases: { default: database },
      });
    }
  });

  test('a secret: what servers from 1.27 want, and no key more', () => {
    const access = { auth: 'secret', secret: new Secret('shared: words') } as const;
    for (const reading of readings(render({ access, connector: 'mysql' }))) {
      expect(reading).toEqual({
        port: 4466,
        managementApiSecret: 'shared: words',
        databases: { default: { ...database, connector: 'mysql', port: 3306 } },
      });
    }
  });

  test('the public key is a block scalar and still a key', () => {
    const text = render();
    expect(text).toContain('legacySecret: |\n  -----BEGIN PUBLIC KEY-----\n  ');
    const { legacySecret } = parse(text) as { legacySecret: string };
    expect(createPublicKey(legacySecret).equals(createPublicKey(publicKey))).toBe(true);
  });

  test('never both: managementApiSecret would switch the public key off', () => {
    expect(render()).not.toContain('managementApiSecret');
    const access = { auth: 'secret', secret: new Secret('words') } as const;
    expect(render({ access })).not.toContain('legacySecret');
  });

  test('is a secret itself', () => {
    expect(`${renderYaml(configuration())}`).toBe('[secret]');
  });

  test.each(['no', 'yes', 'on', 'null', '~', '1e3', '0x10', '012', '1:30', '2018-05-04', '', ' '])(
    'text that YAML 1.1 would take for something else stays text: %j',
    (word) => {
      const access = { auth: 'secret', secret: new Secret(word) } as const;
      for (const reading of readings(render({ access, user: word, password: word, host: word }))) {
        expect(reading).toMatchObject({
          managementApiSecret: word,
          databases: { default: { user: word, password: word, host: word } },
        });
      }
    },
  );

  test('any password and any secret comes out as it went in', () => {
    fc.assert(
      fc.property(specialText, specialText, (password, words) => {
        const access = { auth: 'secret', secret: new Secret(words) } as const;
        for (const reading of readings(render({ password, access }))) {
          expect(reading).toMatchObject({
            managementApiSecret: words,
            databases: { default: { password } },
          });
        }
      }),
      { numRuns: 1000 },
    );
  });
});
