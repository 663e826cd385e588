import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { KitError } from '../../../lib/errors.js';
import { readSettings as readGateway } from '../../../programs/gateway/settings.js';
import { readSettings as readRelay } from '../../../programs/relay/relay-settings.js';

/**
 * Secrets that are on the host alone are not in the key store, so `logs` cannot leave them out: the
 * programs that read them must never say them, whatever is wrong with their files.
 */
const SECRET = 'FirstHalfOfTheSecret-SecondHalfOfTheSecret';
const HALVES = ['FirstHalfOf', 'HalfOfTheSecret'];

const clusterKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).publicKey;
const gateway = {
  server: { url: 'http://server:4466', generation: 'C' },
  ...{ serverSecret: SECRET, clusterKey },
  storage: {
    database: { connector: 'postgres', host: 'database', user: 'prisma', password: SECRET },
  },
};
const relay = {
  ...{ connector: 'postgres', host: 'db', port: 5432, user: 'prisma', password: SECRET },
  ...{ database: 'prisma', ssl: 'verify-full' },
};

const PROGRAMS = [
  ['gateway', stringify(gateway), (text: string) => readGateway(PATHS, () => text)],
  ['relay', stringify(relay), (text: string) => readRelay(PATHS, () => text)],
] as const;
const PATHS = { GATEWAY_CONFIG_PATH: '/gateway.yml', RELAY_CONFIG_PATH: '/relay.yml' };

/** What a reader throws about a text: that is what is logged. */
function said(read: (text: string) => unknown, text: string): string {
  try {
    read(text);
    return '';
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    return `${error.message}\n${JSON.stringify(error.problems)}\n${error.cause}`;
  }
}

describe.each(PROGRAMS)('%s', (_, whole, read) => {
  const expectSilence = (text: string) => {
    const words = said(read, text);
    for (const half of HALVES) expect(words).not.toContain(half);
  };

  test('reads its file, and shows nothing of it that is secret', () => {
    expect(() => read(whole)).not.toThrow();
    const shown = inspect(read(whole), { depth: 20 });
    for (const half of HALVES) expect(shown).not.toContain(half);
  });

  test('a file that is cut off amid a secret', () => {
    const ends = [...whole.matchAll(/FirstHalf.*/g)].flatMap(({ index }) =>
      Array.from({ length: SECRET.length }, (_, offset) => index + offset),
    );
    expect(ends.length).toBeGreaterThanOrEqual(SECRET.length);
    for (const end of ends) expectSilence(whole.slice(0, end));
  });

  test('a file with anything anywhere', () => {
    const word = fc.constantFrom(...[...'\n:"\'{}[]&*!|>%@`#,?- \t', '\n  ', ': ', '- ']);
    fc.assert(
      fc.property(fc.nat(whole.length), word, (at, inserted) => {
        expectSilence(whole.slice(0, at) + inserted + whole.slice(at));
      }),
      { numRuns: 300 },
    );
  });

  test('a secret in the place of another value', () => {
    for (const line of whole.split('\n')) {
      const key = line.replace(/:.*/, '');
      expectSilence(whole.replace(line, `${key}: ${SECRET}`));
      expectSilence(whole.replace(line, `${key}: [${SECRET}]`));
    }
  });
});
