import { describe, expect, test } from 'vitest';
import { runInContainer } from '../../../clients/docker/run-in-container.js';
import { fillVolume } from '../../../cluster/configuration/fill-volume.js';
import { readFiles } from '../../../cluster/configuration/read-files.js';
import { Secret } from '../../../lib/secret.js';
import { engine, tracesOf } from '../../support/engine-traces.js';
import { IMAGES } from '../../support/test-cluster.js';
import { TestObjects } from '../../support/test-containers.js';

describe('fillVolume', () => {
  const text = '-----BEGIN-----\nwith "quotes" and $dollar, é\n-----END-----\n';
  const fill = (
    objects: TestObjects,
    files: Record<string, Secret>,
    image: string = IMAGES.database,
  ) =>
    fillVolume(
      engine,
      {
        cluster: objects.name,
        project: '/nowhere/.clusterkit',
        volume: objects.nameOf('config'),
        image,
      },
      files,
    );
  const reader = (objects: TestObjects) =>
    objects.shell('server', 'sleep 60', {
      Mounts: [
        {
          Type: 'volume',
          Source: objects.nameOf('config'),
          Target: '/run/clusterkit',
          ReadOnly: true,
        },
      ],
    });

  test('files are there, byte for byte, 0600 and of root; nothing else is left', async () => {
    const objects = new TestObjects();
    await objects.volume('config');
    await fill(objects, { 'prisma.yml': new Secret(text), password: new Secret('word') });
    expect(await tracesOf(objects.name)).toEqual([objects.nameOf('config')]);

    const container = await reader(objects);
    const run = async (...argv: string[]) => (await runInContainer(container, argv)).output;
    expect(await run('cat', '/run/clusterkit/prisma.yml')).toBe(text.trim());
    expect(await run('stat', '-c', '%a %u:%g %s %n', '/run/clusterkit/prisma.yml')).toBe(
      `600 0:0 ${Buffer.byteLength(text)} /run/clusterkit/prisma.yml`,
    );
    expect(await run('ls', '/run/clusterkit')).toBe('password\nprisma.yml');
    expect((await runInContainer(container, ['touch', '/run/clusterkit/x'])).exitCode).not.toBe(0);
  });

  test('readFiles gives back the same, also from a container that stopped; none without one', async () => {
    const objects = new TestObjects();
    await objects.volume('config');
    await fill(objects, { 'prisma.yml': new Secret(text), password: new Secret('word') });
    const container = await reader(objects);
    const read = async () =>
      [...((await readFiles(container)) ?? [])].map(([name, content]) => [name, content.reveal()]);
    const expected = [
      ['password', 'word'],
      ['prisma.yml', text],
    ];
    expect((await read()).sort()).toEqual(expected);
    await container.kill();
    expect((await read()).sort()).toEqual(expected);
    await container.remove({ force: true, v: true });
    expect(await readFiles(container)).toBeUndefined();
  });

  test('again: the new content is there', async () => {
    const objects = new TestObjects();
    await objects.volume('config');
    await fill(objects, { file: new Secret('a longer first content') });
    await fill(objects, { file: new Secret('second') });
    const { output } = await runInContainer(await reader(objects), ['cat', '/run/clusterkit/file']);
    expect(output).toBe('second');
  });

  test('fails without the image, and leaves no container', async () => {
    const objects = new TestObjects();
    await objects.volume('config');
    await expect(fill(objects, {}, 'localhost:1/none:1')).rejects.toMatchObject({
      statusCode: 404,
    });
    expect(await tracesOf(objects.name)).toEqual([objects.nameOf('config')]);
  });
});
