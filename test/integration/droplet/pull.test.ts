import { afterAll, beforeAll, expect, it } from 'vitest';
import { engineOf, openDroplet } from '../../../targets/droplet/engines.js';
import { install } from '../../../targets/droplet/install.js';
import { BootedDroplets, installInput } from '../../support/digitalocean/booted-droplet.js';
import { IMAGES } from '../../support/test-cluster.js';
import { registryBinary, TestRegistry } from '../../support/test-registry.js';

const binary = await registryBinary();
let all: BootedDroplets | undefined;
let registry: TestRegistry | undefined;

beforeAll(async () => {
  if (binary === undefined) return;
  registry = await TestRegistry.open(binary);
  const { port } = registry;
  all = await BootedDroplets.open({ mirrorOf: (operator) => `http://${operator}:${port}` });
  await registry.listenOn(all.droplets.operator);
}, 600_000);
afterAll(async () => {
  await all?.dispose();
  await registry?.dispose();
});

it.skipIf(binary === undefined)(
  'a droplet pulls its images from a registry, one by digest; nothing is sent from here',
  async () => {
    if (all === undefined || registry === undefined) throw new Error('no registry');
    const digest = await registry.push(IMAGES.server, 'prismagraphql/prisma', '1.8');
    await registry.push(IMAGES.database, 'library/postgres', '10');
    const one = await all.boot();
    const input = {
      ...installInput(one),
      serverImage: `prismagraphql/prisma@${digest}`,
      serverTransport: 'pull' as const,
      databaseImage: 'postgres:10',
      databaseTransport: 'pull' as const,
    };
    expect(await install(input)).toMatchObject({
      'server image': 'pulled',
      'database image': 'pulled',
      server: 'created',
    });
    expect(new Set(Object.values(await install(input)))).toEqual(new Set(['already so', 'none']));

    const connection = await openDroplet(one.keyDirectory);
    const engine = await engineOf(connection);
    const { Image } = await engine.getContainer(`clusterkit-${input.cluster}-server`).inspect();
    const { RepoDigests } = await engine.getImage(Image).inspect();
    connection.close();
    expect(RepoDigests).toEqual([`prismagraphql/prisma@${digest}`]);
  },
);
