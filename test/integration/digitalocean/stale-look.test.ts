import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ClusterWorld } from '../../../cluster/context.js';
import { withClusterLock } from '../../../cluster/lock.js';
import { projectOf, stateFile } from '../../../cluster/project.js';
import { bringUpDroplet } from '../../../targets/droplet/up.js';
import { apiForTest } from '../../support/digitalocean/api/api-for-test.js';
import { TEST_TOKEN } from '../../support/digitalocean/api/server.js';
import { someDroplet } from '../../support/synthesized-droplet-stack.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

/** What another run writes into state. */
const stateWith = (id: string) =>
  JSON.stringify({
    version: 4,
    resources: [
      {
        ...{ mode: 'managed', type: 'digitalocean_project', name: 'project' },
        instances: [{ attributes: { id } }],
      },
    ],
  });

/** A program in Terraform's place, which can do nothing but write down what it is asked. */
async function terraformIn(directory: string) {
  const binary = join(directory, 'terraform');
  const log = join(directory, 'asked');
  await writeFile(
    binary,
    [
      '#!/bin/sh',
      `echo "$*" >>${log}`,
      'case $1 in',
      // What the kit looks for after it.
      '  init) mkdir -p .terraform && touch .terraform.lock.hcl ;;',
      '  plan) exit 1 ;;',
      'esac',
      '',
    ].join('\n'),
  );
  await chmod(binary, 0o755);
  const asked = async () => (await readFile(log, 'utf8')).trim().split('\n');
  return { binary, asked };
}

test('what another up made after the look, and before the lock, is not taken for vanished', async () => {
  const { api, call } = await apiForTest();
  const directory = await temporaryDirectory();
  const project = projectOf('clusters.yml', directory);
  await mkdir(join(project.stateDir, 'state'), { recursive: true });
  const { binary, asked } = await terraformIn(directory);
  const settings = someDroplet({ project: 'ck-test', ssh: { sources: ['127.0.0.1'] } });
  let waits = () => {};
  const isWaiting = new Promise<void>((resolve) => {
    waits = resolve;
  });
  const world: ClusterWorld = {
    ...{ cluster: 'one', project, registry: join(directory, 'home', 'config.yml') },
    env: {
      PATH: process.env.PATH,
      TERRAFORM_BINARY_NAME: binary,
      DIGITALOCEAN_TOKEN: TEST_TOKEN,
      DIGITALOCEAN_API_URL: api.url,
    },
    cacheDir: join(directory, 'cache'),
    steps: { done: () => {}, detail: () => {}, warn: () => waits() },
    signal: new AbortController().signal,
    command: 'clusterkit up one',
  };
  let up: Promise<unknown> | undefined;
  await withClusterLock(world, async () => {
    up = bringUpDroplet(settings, world, { sources: ['127.0.0.1'], allowReplace: false }).catch(
      (error: unknown) => error,
    );
    await Promise.race([isWaiting, up]);
    const { body } = await call('POST', '/v2/projects', {
      ...{ name: 'ck-test', purpose: 'clusterkit: cluster one', environment: 'Development' },
    });
    await writeFile(stateFile(project.stateDir, 'one'), stateWith(body.project.id));
  });
  expect(await up).toMatchObject({ code: 'terraform-failed' });
  expect((await asked()).map((line) => line.split(' ')[0])).toEqual(['init', 'plan']);
});
