import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../../programs/gateway/settings.js';

const pem = (modulusLength: number) =>
  generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
const { publicKey: clusterKey, privateKey } = pem(2048);
const server = { url: 'http://server:4466', generation: 'B' };

const read = (given: object | string) =>
  readSettings({ GATEWAY_CONFIG_PATH: '/gateway.yml' }, () =>
    typeof given === 'string' ? given : JSON.stringify(given),
  );

/** What is told about settings that are not taken. */
function problems(given: object | string): string[] {
  try {
    read(given);
    return [];
  } catch (error) {
    return (error as { problems: { path: string; message: string }[] }).problems.map(
      ({ path, message }) => `${path}: ${message}`,
    );
  }
}

test('defaults are those of the seed text, and of a plain proxy where there is none', () => {
  const database = { connector: 'postgres', host: 'db', user: 'prisma', password: 'hidden' };
  const settings = read({ server, clusterKey, rate: {}, storage: { database } });
  expect(settings).toMatchObject({
    ...{ port: 4466, adminPort: 9464, trustedProxies: [], sources: {} },
    server: { ...server, connections: 256 },
    rate: { requests: 10, perSeconds: 10, queue: 25 },
    storage: { capMegabytes: 100, checkSeconds: 5, database: { port: 5432, ssl: false } },
    limits: { connections: 2_000, connectionsPerSource: 500, webSockets: 1_000, bodyMegabytes: 8 },
    timeouts: { requestSeconds: 300, drainSeconds: 8 },
  });
  expect(inspect(settings, { depth: 9 })).not.toContain('hidden');
  const plain = read({ server, clusterKey });
  expect([plain.rate, plain.storage]).toEqual([undefined, undefined]);
});

describe('what is wrong is told, all of it', () => {
  test.each<[string, object | string, string[]]>([
    ['nothing', {}, ['/gateway.yml.server: Invalid input: expected object, received undefined']],
    [
      'no way to check a token',
      { server },
      [
        '/gateway.yml.clusterKey: is missing, and so is serverSecret: the gateway could not verify any token',
      ],
    ],
    [
      'C without its secret',
      { server: { ...server, generation: 'C' }, clusterKey },
      ['/gateway.yml.serverSecret: is missing: servers from 1.27 on verify tokens with it only'],
    ],
    [
      'A with a secret',
      { server: { ...server, generation: 'A' }, clusterKey, serverSecret: 'x' },
      ['/gateway.yml.serverSecret: servers up to 1.6 have none'],
    ],
    [
      'several at once',
      { server: { ...server, url: 'https://x' }, clusterKey, sources: { data: ['x'] }, extra: 1 },
      [
        '/gateway.yml.server.url: must be http://<host>:<port>',
        "/gateway.yml.sources.data.0: 'x' is neither an address nor a range such as 203.0.113.0/24",
        '/gateway.yml: Unrecognized key: "extra"',
      ],
    ],
    ['broken YAML', 'a: [', ['/gateway.yml: not valid YAML: BAD_INDENT at character 4']],
  ])('%s', (_, given, expected) => {
    expect(problems(given)).toEqual(expected);
  });

  test.each([
    ['a private key', privateKey],
    ['a short key', pem(1024).publicKey],
    ['no key', 'x'],
  ])('%s as clusterKey', (_, key) => {
    const told = problems({ server, clusterKey: key });
    expect(told[0]).toBe(
      '/gateway.yml.clusterKey: must be an RSA public key of at least 2048 bits (PEM, BEGIN PUBLIC KEY)',
    );
    expect(told.join()).not.toContain('PRIVATE');
  });
});

test('without a configuration there is no gateway', () => {
  expect(() => readSettings({}, () => '')).toThrow('GATEWAY_CONFIG_PATH: is not set');
  const missing = () => {
    throw Object.assign(new Error(), { code: 'ENOENT' });
  };
  expect(() => readSettings({ GATEWAY_CONFIG_PATH: '/x' }, missing)).toThrow(
    '/x: cannot be read: ENOENT',
  );
});
