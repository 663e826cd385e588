// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's templates
import { describe, expect, test } from 'vitest';
import type { ExternalDatabase } from '../../../../cluster/settings/settings.js';

import { addresses, only, waitsFor } from '../../../support/stack-resources.js';
import {
  BOOT,
  someDroplet,
  synthesizeDroplet,
} from '../../../support/synthesized-droplet-stack.js';
import { someSettings, synthesizeStack } from '../../../support/synthesized-stack.js';

const LIMITS = { requests: 10, perSeconds: 10, queue: 25, storageMb: 100 };
const gateway = { image: 'clusterkit/gateway:0.1.0', limits: LIMITS };
const external: ExternalDatabase = {
  ...{ host: 'db.example.com', port: 5432, user: 'prisma', database: 'prisma' },
  ...{ ssl: 'verify-full', password: { file: 'secret/password' }, caFile: 'ca.pem' },
};

describe('a local cluster with a gateway', () => {
  const { stack } = synthesizeStack({ settings: someSettings({ gateway }) });

  test('has it beside what a plain one has, and it has the port', () => {
    const plain = addresses(synthesizeStack().stack);
    expect(addresses(stack).filter((each) => !plain.includes(each))).toEqual([
      'docker_container.gateway',
      'docker_image.gateway-image',
    ]);
    expect(only(stack, 'docker_container', 'gateway')).toMatchObject({
      name: 'clusterkit-one-gateway',
      ports: [{ internal: 4466, external: 4466, ip: '127.0.0.1' }],
      memory: 192,
      env: ['NODE_OPTIONS=--max-old-space-size=96 --max-semi-space-size=1'],
    });
    expect(only(stack, 'docker_container', 'server')).not.toHaveProperty('ports');
  });

  test('is configured with its limits, and proven when the gateway is there', () => {
    expect(only(stack, 'terraform_data', 'configure').input).toMatchObject({
      gateway: { limits: LIMITS },
    });
    expect(waitsFor(stack, 'terraform_data.register', 'docker_container.gateway')).toBe(true);
    expect(waitsFor(stack, 'docker_container.gateway', 'docker_container.server')).toBe(true);
  });
});

describe('a local cluster whose database is elsewhere', () => {
  const database = { connector: 'postgres', image: gateway.image, external } as const;
  const { stack } = synthesizeStack({ settings: someSettings({ database }) });

  test('has a relay in the place of the database, and no data', () => {
    expect(addresses(stack)).not.toContain('docker_volume.data');
    expect(only(stack, 'docker_container', 'database')).toMatchObject({
      name: 'clusterkit-one-database',
      command: [
        ...[
          'node',
          '--max-old-space-size=34',
          '--max-semi-space-size=1',
          '/opt/clusterkit/relay.mjs',
        ],
      ],
      memory: 160,
      mounts: [{ source: '${docker_volume.config.name}', read_only: true }],
    });
    expect(only(stack, 'docker_image', 'database-image').name).toBe(gateway.image);
  });

  test('receives where password and authority are, not what they are', () => {
    expect(only(stack, 'terraform_data', 'configure').input).toMatchObject({
      external: {
        host: 'db.example.com',
        password: { file: '/project/secret/password' },
        caFile: '/project/ca.pem',
      },
    });
  });
});

describe('a droplet', () => {
  const sources = { management: ['198.51.100.7'], data: ['203.0.113.0/24', '198.51.100.7'] };
  const withTls = (custom: Parameters<typeof someDroplet>[0]) =>
    synthesizeDroplet({
      settings: someDroplet({
        gateway: { image: gateway.image },
        images: { server: 'pull', database: 'pull', gateway: 'push', proxy: 'push' },
        ...custom,
      }),
    }).stack;
  const rulesOf = (stack: ReturnType<typeof withTls>) =>
    (only(stack, 'digitalocean_firewall', 'firewall').inbound_rule as Record<string, unknown>[])
      .map(({ port_range, source_addresses }) => [port_range, source_addresses])
      .slice(1);

  test('with other sources for data: the port is open to both, the gateway tells them apart', () => {
    const stack = withTls({
      management: { sources: sources.management },
      data: { sources: sources.data },
    });
    expect(rulesOf(stack)).toEqual([['4466', ['198.51.100.7', '203.0.113.0/24']]]);
    expect(only(stack, 'terraform_data', 'install').input).toMatchObject({
      gateway: {
        sources: { management: ['198.51.100.7'], data: ['198.51.100.7', '203.0.113.0/24'] },
      },
      gatewayImage: gateway.image,
      gatewayTransport: 'push',
    });
  });

  test('with a domain: https, and port 80 for everybody', () => {
    const tls = { kind: 'acme', domain: 'api.example.com', proxyImage: 'caddy:2' } as const;
    const stack = withTls({ port: 443, tls });
    expect(stack.output.endpoint).toEqual({ value: 'https://api.example.com' });
    expect(rulesOf(stack)).toEqual([
      ['443', ['203.0.113.7']],
      ['80', ['0.0.0.0/0', '::/0']],
    ]);
    expect(only(stack, 'terraform_data', 'install').input).toMatchObject({
      tls: { kind: 'acme', domain: 'api.example.com' },
      proxyImage: 'caddy:2',
    });
  });

  test('with a pinned certificate: https at its address, and no other port', () => {
    const stack = withTls({ tls: { kind: 'pinned', proxyImage: 'caddy:2' } });
    expect(stack.output.endpoint).toEqual({
      value: 'https://${digitalocean_droplet.droplet.ipv4_address}:4466',
    });
    expect(rulesOf(stack)).toEqual([['4466', BOOT.operator]]);
  });

  test('a plain one receives nothing of all that', () => {
    const input = only(synthesizeDroplet().stack, 'terraform_data', 'install').input as object;
    expect(Object.keys(input).sort()).toEqual([
      ...['auth', 'cluster', 'connector', 'databaseImage', 'databaseTransport', 'droplet', 'host'],
      ...['keyDirectory', 'port', 'project', 'serverImage', 'serverTransport'],
      ...['startedImage', 'version', 'volume'],
    ]);
  });
});
