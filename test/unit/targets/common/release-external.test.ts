import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { ensureDatabaseId } from '../../../../cluster/keys/database-id.js';
import { keyDirectory } from '../../../../cluster/keys/key-directory.js';
import type { ClusterSettings, ExternalDatabase } from '../../../../cluster/settings/settings.js';

import {
  prepareExternalRelease,
  releaseFile,
} from '../../../../targets/common/release-external.js';
import { freePort } from '../../../support/free-port.js';
import { someSettings } from '../../../support/synthesized-stack.js';
import { type TestContext, testContext } from '../../../support/test-context.js';

let context: TestContext;
beforeEach(async () => {
  context = await testContext();
  await mkdir(dirname(releaseFile(context)), { recursive: true });
});
const noMachines = async () => [];
const prepare = (settings?: ClusterSettings, env = {}) =>
  prepareExternalRelease(settings, { ...context, env }, noMachines);
const withDatabase = async () => {
  await ensureDatabaseId(keyDirectory(context.project.stateDir, 'one'));
};
/** What the stage inside a destroy does. */
const stageReports = (text: string) => writeFile(releaseFile(context), text);
const files = () => readdir(dirname(releaseFile(context)));

test('what the stage did is what is reported, also of a cluster that clusters.yml no longer has', async () => {
  await withDatabase();
  const release = await prepare();
  await stageReports('{"outcome":"released"}');
  expect([await release(), context.warnings, await files()]).toEqual(['released', [], []]);
});

test('what the stage could not do is a warning with its reason, and the way to get on', async () => {
  await withDatabase();
  const release = await prepare();
  await stageReports('{"outcome":"marked","why":"it is asleep"}');
  expect(await release()).toBe('marked');
  expect(context.warnings).toEqual([expect.stringMatching(/: it is asleep\n.*--adopt-database/)]);
});

test('where no stage ran, it is done by hand; without settings nobody knows where', async () => {
  await stageReports('{"outcome":"released"}');
  expect(await (await prepare())()).toBeUndefined();
  await withDatabase();
  const release = await prepare();
  await stageReports('{"outcome":');
  expect(await release()).toBe('marked');
  expect(context.warnings).toEqual([expect.stringContaining('clusters.yml no longer has it')]);
});

test('by hand with settings: out of reach is a warning as well', async () => {
  await withDatabase();
  const port = await freePort();
  const external: ExternalDatabase = {
    ...{ host: '127.0.0.1', port, user: 'u', database: 'd' },
    ...{ ssl: 'disable', password: { env: 'DB' } },
  };
  const database = { connector: 'postgres', image: 'clusterkit/gateway:0.1.0', external } as const;
  const release = await prepare(someSettings({ database }), { DB: 'secret' });
  expect(await release()).toBe('marked');
  expect(context.warnings).toEqual([
    expect.stringContaining(`127.0.0.1:${port} refuses connections`),
  ]);
});

test('a cluster with a database of its own: nothing to tell', async () => {
  expect(await (await prepare(someSettings()))()).toBeUndefined();
  expect(context.warnings).toEqual([]);
});
