import { describe, expect, test } from 'vitest';
import type { Size } from '../../../../../clients/digitalocean/answers.js';
import { memoryProblems } from '../../../../../targets/droplet/account/memory-problems.js';
import { someApp } from '../../../../support/some-app.js';
import { someDroplet } from '../../../../support/synthesized-droplet-stack.js';

const size = (slug: string, memory: number, more: Partial<Size> = {}): Size => ({
  ...{ slug, memory, vcpus: 1, disk: 50, price_monthly: memory / 200, price_hourly: 0 },
  ...{ available: true, regions: ['fra1'] },
  ...more,
});
const SIZES = [
  size('s-4gb', 4096),
  size('s-2gb', 2048),
  size('elsewhere', 3072, { regions: ['nyc3'] }),
  size('sold-out', 3072, { available: false }),
  size('s-3gb', 3072),
];
const of = (custom: Parameters<typeof someDroplet>[0]) =>
  someDroplet({ name: 'one', size: 's-2gb', ...custom });

describe('memoryProblems', () => {
  test('defaults: a small application fits into 2 GB', () => {
    expect(memoryProblems(of({ apps: [someApp('web')] }), SIZES)).toEqual([]);
  });

  test('the last megabyte', () => {
    // 2048 - 384 (system) - 512 (server) - 256 (database) - 64 (edge)
    const web = (memoryMb: number) => of({ apps: [someApp('web', { memoryMb })] });
    expect(memoryProblems(web(832), SIZES)).toEqual([]);
    expect(memoryProblems(web(833), SIZES)).toHaveLength(1);
  });

  test('custom: every summand, and the sizes that fit', () => {
    const apps = [
      someApp('hello', { kind: 'function', instances: 4, memoryMb: 128 }),
      someApp('web', { database: { connections: 5 } }),
    ];
    const settings = of({
      apps,
      gateway: { image: 'g' },
      tls: { kind: 'acme', domain: 'api.example.com', proxyImage: 'p' },
      server: { image: 'prismagraphql/prisma:1.8', version: '1.8', auth: 'rsa', memoryMb: 700 },
    });
    expect(memoryProblems(settings, SIZES)).toEqual([
      {
        path: 'clusters.one.apps',
        message:
          "size 's-2gb' has 2048 MB of memory; applications need 1152 MB (hello 4 × 128 = 512, web 256, edge 64, activator 192, waker 64, pool 64), and the cluster at least 1660 MB (server 700, database 256, gateway 192, proxy 128, system 384)",
        hint: 'Set fewer instances or less memory; or a size that fits: s-3gb, s-4gb.',
      },
    ]);
  });

  test('no applications, or a size that nobody knows: nothing to say', () => {
    expect(memoryProblems(of({ size: 's-2gb' }), [size('s-2gb', 512)])).toEqual([]);
    expect(memoryProblems(of({ size: 'x', apps: [someApp('web')] }), SIZES)).toEqual([]);
    expect(memoryProblems(of({ apps: [someApp('web')] }), undefined)).toEqual([]);
  });
});
