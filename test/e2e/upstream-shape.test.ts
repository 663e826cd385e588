import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engine, tracesOf } from '../support/engine-traces.js';
import { IMAGES, TestCluster } from '../support/test-cluster.js';

/** What `local-upstream` names. */
const UPSTREAM = { server: 'prismagraphql/prisma:1.8', database: 'postgres:10' } as const;

const has = (image: string) =>
  engine
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );

/** The bundled images stand in where the engine has none of upstream's; their tags go afterwards. */
describe('a cluster of upstream’s images that the engine has', () => {
  let cluster: TestCluster;
  const tagged: string[] = [];

  beforeAll(async () => {
    for (const role of ['server', 'database'] as const) {
      if (await has(UPSTREAM[role])) continue;
      const [repo = '', tag = ''] = UPSTREAM[role].split(':');
      await engine.getImage(IMAGES[role]).tag({ repo, tag });
      tagged.push(UPSTREAM[role]);
    }
    cluster = await TestCluster.create({
      serverImage: UPSTREAM.server,
      serverVersion: '1.8',
      databaseImage: UPSTREAM.database,
    });
  });
  afterAll(async () => {
    await cluster?.dispose();
    for (const image of tagged) await engine.getImage(image).remove({ noprune: true });
  });

  test('up works, and nothing is pulled', async () => {
    const pulls: string[] = [];
    const since = Math.floor(Date.now() / 1000) - 1;
    const { exitCode, all } = await cluster.up();
    expect(exitCode, all).toBe(0);
    const events = await engine.getEvents({
      since,
      until: Math.floor(Date.now() / 1000) + 1,
      filters: JSON.stringify({ type: ['image'], event: ['pull'] }),
    });
    for await (const chunk of events) pulls.push(String(chunk));
    expect(pulls.filter((event) => /prismagraphql|postgres:10/.test(event))).toEqual([]);
    expect(all).not.toContain('pulled');
    expect((await cluster.plan()).exitCode).toBe(0);
  });

  test('down removes the cluster, and leaves the images', async () => {
    const { exitCode, all } = await cluster.down();
    expect(exitCode, all).toBe(0);
    expect(await tracesOf(cluster.name)).toEqual([]);
    expect([await has(UPSTREAM.server), await has(UPSTREAM.database)]).toEqual([true, true]);
  });
});
