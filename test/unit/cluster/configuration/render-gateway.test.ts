import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  type GatewayConfiguration,
  renderGateway,
} from '../../../../cluster/configuration/render-gateway.js';
import { Secret } from '../../../../lib/secret.js';
import { readSettings } from '../../../../programs/gateway/settings.js';

const { publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
const PLAIN = { serverUrl: 'http://server:4466', generation: 'B', publicKey } as const;

/** What the gateway understands of what the kit writes. */
const read = (configuration: GatewayConfiguration) =>
  readSettings({ GATEWAY_CONFIG_PATH: '/gateway.yml' }, () =>
    renderGateway(configuration).reveal(),
  );

test('a plain gateway limits nothing', () => {
  const settings = read(PLAIN);
  expect(settings).toMatchObject({ server: { url: 'http://server:4466', generation: 'B' } });
  expect(settings.clusterKey).toBe(publicKey);
  expect([settings.rate, settings.storage, settings.serverSecret]).toEqual(
    Array(3).fill(undefined),
  );
});

test('a development cluster has the limits of the seed text, or its own', () => {
  const database = {
    connector: 'mysql',
    host: 'db',
    port: 3306,
    user: 'prisma',
    password: new Secret('no: "quotes\' #'),
  } as const;
  const given = read({ ...PLAIN, development: { database } });
  expect(given.rate).toEqual({ requests: 10, perSeconds: 10, queue: 25 });
  expect(given.storage).toMatchObject({ capMegabytes: 100, database: { host: 'db', port: 3306 } });
  expect(given.storage?.database.password?.reveal()).toBe('no: "quotes\' #');
  const own = read({ ...PLAIN, development: { queue: 0, capMegabytes: 5, database } });
  expect([own.rate?.queue, own.storage?.capMegabytes]).toEqual([0, 5]);
});

test('secret, sources and proxies go through as they are', () => {
  const settings = read({
    ...{ serverUrl: 'http://server:4466', generation: 'C' },
    serverSecret: new Secret('no'),
    sources: { management: ['203.0.113.0/24'] },
    trustedProxies: ['172.16.0.0/12'],
  });
  expect(settings.serverSecret?.reveal()).toBe('no');
  expect(settings.sources).toEqual({ management: ['203.0.113.0/24'] });
  expect(settings.trustedProxies).toEqual(['172.16.0.0/12']);
});
