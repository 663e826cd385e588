import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { networkSubnets } from '../../../clients/docker/network-subnets.js';
import { BUNDLED_GATEWAY, BUNDLED_PROXY } from '../../../cluster/bundled-images.js';
import { readFiles } from '../../../cluster/configuration/read-files.js';
import { engineOf, openDroplet } from '../../../targets/droplet/engines.js';
import { install } from '../../../targets/droplet/install.js';
import { BootedDroplets, installInput } from '../../support/digitalocean/booted-droplet.js';

let all: BootedDroplets;
beforeAll(async () => {
  all = await BootedDroplets.open();
}, 600_000);
afterAll(() => all?.dispose());

test('names of applications change the proxy, and nothing else; their memory is that of server and database', async () => {
  const one = await all.boot();
  const sources = { management: ['203.0.113.7'], data: ['198.51.100.0/24'] };
  const input = {
    ...{ ...installInput(one), gateway: { sources }, address: one.host, port: 443 },
    ...{ gatewayImage: BUNDLED_GATEWAY, gatewayTransport: 'push' as const },
    ...{ proxyImage: BUNDLED_PROXY, proxyTransport: 'push' as const },
    // Nobody answers there: the proxy runs all the same.
    tls: { kind: 'acme' as const, domain: 'api.ck-test.example', directory: 'https://[::1]:1/' },
  };
  await install(input);
  const connection = await openDroplet(one.keyDirectory);
  const engine = await engineOf(connection);
  const nameOf = (role: string) => `clusterkit-${input.cluster}-${role}`;
  const subnets = await networkSubnets(engine, nameOf('network'));
  const sourcesOfGateway = async () => {
    const files = await readFiles(engine.getContainer(nameOf('gateway')));
    return parse(files?.get('gateway.yml')?.reveal() ?? '').sources as typeof sources;
  };
  const memoryOf = async (role: string) =>
    ((await engine.getContainer(nameOf(role)).inspect()).HostConfig.Memory ?? 0) / 1024 ** 2;
  const memory = async () => (await memoryOf('server')) + (await memoryOf('database'));
  expect(await sourcesOfGateway()).toEqual(sources);
  const before = await memory();

  const apps = { memoryMb: 320, sites: [{ domains: ['app.ck-test.example'] }] };
  expect(await install({ ...input, apps })).toMatchObject({
    ...{ database: 'replaced', server: 'replaced', gateway: 'replaced', proxy: 'replaced' },
  });
  expect(before - (await memory())).toBe(320);
  // Applications may use services, but not the management API.
  expect(await sourcesOfGateway()).toEqual({
    management: sources.management,
    data: [...sources.data, ...subnets],
  });

  const others = { ...apps, sites: [{ domains: ['www.ck-test.example'], sources: ['192.0.2.1'] }] };
  expect(await install({ ...input, apps: others })).toMatchObject({
    ...{ configuration: 'filled', proxy: 'replaced' },
    ...{ database: 'already so', server: 'already so', gateway: 'already so' },
  });
  expect(new Set(Object.values(await install({ ...input, apps: others })))).toEqual(
    new Set(['already so', 'none']),
  );
  connection.close();
});
