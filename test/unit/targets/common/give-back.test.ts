import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { ClusterWorld } from '../../../../cluster/context.js';
import { ensureDatabaseId } from '../../../../cluster/keys/database-id.js';
import { keyDirectory } from '../../../../cluster/keys/key-directory.js';
import { projectOf } from '../../../../cluster/project.js';
import type { ExternalDatabase } from '../../../../cluster/settings/settings.js';

import { prepareGiveBack, releaseFile } from '../../../../targets/common/give-back.js';
import { freePort } from '../../../support/free-port.js';
import { someSettings } from '../../../support/synthesized-stack.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

let world: ClusterWorld;
let warnings: string[];
beforeEach(async () => {
  const directory = await temporaryDirectory();
  warnings = [];
  const project = projectOf('clusters.yml', directory);
  const nothing = () => {};
  world = {
    ...{ cluster: 'one', project, registry: join(directory, 'config.yml'), env: {} },
    ...{ cacheDir: directory, signal: new AbortController().signal, command: 'test' },
    steps: { done: nothing, detail: nothing, warn: (text) => void warnings.push(text) },
  };
  await mkdir(dirname(releaseFile(world)), { recursive: true });
});
const withDatabase = async () => {
  await ensureDatabaseId(keyDirectory(world.project.stateDir, 'one'));
};
/** What the stage inside a destroy does. */
const stageTells = (text: string) => writeFile(releaseFile(world), text);
const files = () => readdir(dirname(releaseFile(world)));

test('what the stage did is what is told, also of a cluster that clusters.yml no longer names', async () => {
  await withDatabase();
  const giveBack = await prepareGiveBack(undefined, world);
  await stageTells('{"outcome":"released"}');
  expect([await giveBack(), warnings, await files()]).toEqual(['released', [], []]);
});

test('what the stage could not do is a warning with its reason, and the way to get on', async () => {
  await withDatabase();
  const giveBack = await prepareGiveBack(undefined, world);
  await stageTells('{"outcome":"marked","why":"it is asleep"}');
  expect(await giveBack()).toBe('marked');
  expect(warnings).toEqual([expect.stringMatching(/: it is asleep\n.*--adopt-database/)]);
});

test('where no stage ran, it is done by hand; without settings nobody knows where', async () => {
  await stageTells('{"outcome":"released"}');
  expect(await (await prepareGiveBack(undefined, world))()).toBeUndefined();
  await withDatabase();
  const giveBack = await prepareGiveBack(undefined, world);
  await stageTells('{"outcome":');
  expect(await giveBack()).toBe('marked');
  expect(warnings).toEqual([expect.stringContaining('clusters.yml no longer names it')]);
});

test('by hand with settings: out of reach is a warning as well', async () => {
  await withDatabase();
  const port = await freePort();
  const external: ExternalDatabase = {
    ...{ host: '127.0.0.1', port, user: 'u', database: 'd' },
    ...{ ssl: 'disable', password: { env: 'DB' } },
  };
  const database = { connector: 'postgres', image: 'clusterkit/gateway:0.1.0', external } as const;
  const told = { ...world, env: { DB: 'secret' } };
  const giveBack = await prepareGiveBack(someSettings({ database }), told);
  expect(await giveBack()).toBe('marked');
  expect(warnings).toEqual([expect.stringContaining(`127.0.0.1:${port} refuses connections`)]);
});

test('a cluster with a database of its own: nothing to tell', async () => {
  expect(await (await prepareGiveBack(someSettings(), world))()).toBeUndefined();
  expect(warnings).toEqual([]);
});
