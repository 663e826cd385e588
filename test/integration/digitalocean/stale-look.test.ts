import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withClusterLock } from '../../../cluster/lock.js';
import { stateFile } from '../../../cluster/project.js';
import { targetNamed } from '../../../lifecycle/cluster-run.js';
import { up } from '../../../lifecycle/up.js';
import { TARGETS } from '../../../targets/all.js';
import { apiForTest } from '../../support/digitalocean/api/api-for-test.js';
import { dropletContext } from '../../support/digitalocean/droplet-context.js';
import { someDroplet } from '../../support/synthesized-droplet-stack.js';

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
      '  version) echo Terraform v1.9.8 ;;',
      // What the kit looks for after it.
      '  init) at=.terraform/providers/h/n/t/1.0.0/linux_amd64; mkdir -p $at && touch $at/x .terraform.lock.hcl ;;',
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
  const settings = someDroplet({ project: 'ck-test', ssh: { sources: ['127.0.0.1'] } });
  let waits = () => {};
  const isWaiting = new Promise<void>((resolve) => {
    waits = resolve;
  });
  const seen = await dropletContext(api.url, {
    settings,
    options: { sources: ['127.0.0.1'] },
    onWarning: () => waits(),
  });
  const { binary, asked } = await terraformIn(seen.home);
  const env = { ...seen.env, PATH: process.env.PATH, TERRAFORM_BINARY_NAME: binary };
  const context = { ...seen, env };
  await mkdir(join(context.project.stateDir, 'state'), { recursive: true });
  const target = targetNamed(settings.target, TARGETS);
  let ended: Promise<unknown> | undefined;
  await withClusterLock(context, async () => {
    ended = up({ target, settings, context, targets: TARGETS, clusters: {} }).catch(
      (error: unknown) => error,
    );
    await Promise.race([isWaiting, ended]);
    const { body } = await call('POST', '/v2/projects', {
      ...{ name: 'ck-test', purpose: 'clusterkit: cluster one', environment: 'Development' },
    });
    await writeFile(stateFile(context.project.stateDir, 'one'), stateWith(body.project.id));
  });
  expect(await ended).toMatchObject({ code: 'terraform-failed' });
  const verbs = (await asked()).map((line) => line.split(' ')[0]);
  expect(verbs.filter((verb) => verb === 'plan' || verb === 'import')).toEqual(['plan']);
});
