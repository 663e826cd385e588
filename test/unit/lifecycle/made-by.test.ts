import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureSecrets } from '../../../cluster/keys/key-store.js';
import { workingDirectory } from '../../../cluster/project.js';
import { madeBy } from '../../../lifecycle/made-by.js';
import { TARGETS } from '../../../targets/all.js';
import { ensureSshKeys } from '../../../targets/droplet/keys/ssh-keys.js';
import { testContext } from '../../support/test-context.js';

async function start(cluster?: string) {
  const context = await testContext(cluster === undefined ? {} : { cluster });
  const maker = async () => (await madeBy(context, TARGETS))?.name;
  /** A stack as the last `up` left it. */
  const writeStack = async (source: string) => {
    const directory = workingDirectory(context.project, context.cluster);
    await mkdir(directory, { recursive: true });
    const stack = { terraform: { required_providers: { one: { source } } } };
    await writeFile(join(directory, 'cdk.tf.json'), JSON.stringify(stack));
  };
  return { context, maker, writeStack };
}

test('without secrets and without a stack nothing was made', async () => {
  const { maker } = await start();
  expect(await maker()).toBeUndefined();
});

test('secrets alone: the target without secrets of its own', async () => {
  const { context, maker } = await start();
  await ensureSecrets(context.keyDirectory, 'rsa');
  expect(await maker()).toBe('docker');
});

test('a login key: a droplet, whatever the stack says', async () => {
  const { context, maker, writeStack } = await start();
  await ensureSshKeys(context.keyDirectory);
  await writeStack('kreuzwerker/docker');
  expect(await maker()).toBe('digitalocean');
});

test.each([
  ['kreuzwerker/docker', 'docker'],
  ['digitalocean/digitalocean', 'digitalocean'],
  ['hashicorp/null', 'docker'],
])('a stack with provider %s: %s', async (source, target) => {
  const { context, maker, writeStack } = await start();
  await writeStack(source);
  expect(await maker()).toBe(target);
  await ensureSecrets(context.keyDirectory, 'rsa');
  expect(await maker()).toBe(target);
});

test.each(['', '.', '..', '../one', 'one/two', 'One'])(
  '%j is no name of a cluster',
  async (name) => {
    const { context, maker } = await start(name);
    await mkdir(context.keyDirectory, { recursive: true });
    expect(await maker()).toBeUndefined();
  },
);
