import { describe, expect, test } from 'vitest';
import { fillVolume } from '../../../cluster/configuration/fill-volume.js';
import { CONFIG_DIRECTORY, CONFIG_FILES } from '../../../cluster/names.js';
import { awaitDatabase } from '../../../cluster/objects/await-database.js';
import { Secret } from '../../../lib/secret.js';
import { engine } from '../../support/engine-traces.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { IMAGES } from '../../support/test-cluster.js';
import { TestObjects } from '../../support/test-containers.js';

/** The configuration volume with a password; again with another one when called again. */
async function password(objects: TestObjects, text: string) {
  await objects.volume('config');
  const volume = {
    cluster: objects.name,
    project: '/nowhere/.clusterkit',
    volume: objects.nameOf('config'),
    image: IMAGES.database,
  };
  await fillVolume(engine, volume, { [CONFIG_FILES.databasePassword]: new Secret(text) });
}

async function database(objects: TestObjects) {
  await objects.network();
  const container = await objects.container('database', {
    Env: [
      'POSTGRES_USER=prisma',
      'POSTGRES_DB=prisma',
      `POSTGRES_PASSWORD_FILE=${CONFIG_DIRECTORY}/${CONFIG_FILES.databasePassword}`,
    ],
    HostConfig: {
      Mounts: [
        {
          Type: 'volume',
          Source: objects.nameOf('config'),
          Target: CONFIG_DIRECTORY,
          ReadOnly: true,
        },
      ],
    },
    NetworkingConfig: {
      EndpointsConfig: { [objects.nameOf('network')]: { Aliases: ['database'] } },
    },
  });
  await container.start();
  return container;
}

describe('awaitDatabase', () => {
  const wait = (objects: TestObjects, timeoutMs: number, signal?: AbortSignal) =>
    awaitDatabase(engine, {
      container: objects.nameOf('database'),
      connector: 'postgres',
      secrets: [new Secret('the-password-of-the-test')],
      timeoutMs,
      ...(signal && { signal }),
    });

  test('passes once the first boot is over; fails at once when the password is another', async () => {
    const objects = new TestObjects();
    await password(objects, 'the-password-of-the-test');
    await database(objects);
    await wait(objects, 60_000);

    await password(objects, 'another-password');
    const error = await kitErrorOf(() => wait(objects, 60_000));
    expect(error).toMatchObject({ code: 'database-password-refused', exitCode: 3 });
    expect(error.problems[0]?.path).toBe(objects.nameOf('database'));
    expect(error.message).toContain('its data volume was created with another one');
    expect(error.message).toContain('Last lines of its log:');
  });

  test('fails at a container that keeps stopping, with its log, secrets blanked', async () => {
    const objects = new TestObjects();
    await objects.shell('database', 'echo giving up: the-password-of-the-test; exit 7', {
      RestartPolicy: { Name: 'always' },
    });
    const error = await kitErrorOf(() => wait(objects, 60_000));
    expect(error).toMatchObject({ code: 'database-not-ready', exitCode: 3 });
    expect(error.message).toMatch(/keeps stopping \(\d+ restarts, exit code 7\)/);
    expect(error.message).toContain('giving up: [secret]');
  });

  test('fails at a container that is not there', async () => {
    const error = await kitErrorOf(() => wait(new TestObjects(), 60_000));
    expect(error).toMatchObject({ code: 'database-not-ready', exitCode: 3 });
    expect(error.message).toContain('the container is gone');
  });

  test('fails when time is up, with what the query said last', async () => {
    const objects = new TestObjects();
    await objects.shell('database', 'sleep 60');
    const error = await kitErrorOf(() => wait(objects, 1500));
    expect(error).toMatchObject({ code: 'database-not-ready', exitCode: 3 });
    expect(error.message).toMatch(/could not translate host name|No such file/);
  });

  test('stops at the signal', async () => {
    const objects = new TestObjects();
    await objects.shell('database', 'sleep 60');
    const work = wait(objects, 60_000, AbortSignal.timeout(500));
    await expect(work).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
