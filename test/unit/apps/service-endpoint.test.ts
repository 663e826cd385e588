import { expect, test } from 'vitest';
import { serviceEndpoint } from '../../../apps/service-endpoint.js';
import { routeOf } from '../../../programs/gateway/route-of.js';

const blog = { name: 'blog', stage: 'dev' };

test('defaults: at the server, whether or not there is a gateway for others', () => {
  expect(serviceEndpoint({}, blog)).toBe('http://server:4466/blog/dev');
  expect(serviceEndpoint({ gateway: { image: 'g' } }, blog)).toBe('http://server:4466/blog/dev');
});

test('development clusters: at the gateway, which has the limits', () => {
  const limits = { requests: 10, perSeconds: 10, queue: 25, storageMb: 100 };
  expect(serviceEndpoint({ gateway: { image: 'g', limits } }, blog)).toBe(
    'http://gateway:4466/blog/dev',
  );
});

test.each([
  ['default', 'default'],
  ['blog', 'default'],
  ['team~blog', 'dev'],
])('%s/%s is what a server makes of it, of every generation', (name, stage) => {
  const target = new URL(serviceEndpoint({}, { name, stage })).pathname;
  for (const generation of ['A', 'B', 'C'] as const) {
    const route = routeOf({ method: 'POST', target, isUpgrade: false }, generation);
    expect(route).toMatchObject({ kind: 'service', service: name, stage, serverPath: target });
  }
});
