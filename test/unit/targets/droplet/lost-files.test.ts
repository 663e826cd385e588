import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keyDirectory } from '../../../../cluster/keys/key-directory.js';
import { takeDownDroplet } from '../../../../targets/droplet/down.js';
import { ensureSshKeys } from '../../../../targets/droplet/keys/ssh-keys.js';
import { lookAhead } from '../../../../targets/droplet/look-ahead.js';
import { dropletSettings, dropletWorld } from '../../../support/digitalocean/droplet-world.js';
import { putCluster } from '../../../support/digitalocean/kit-cluster.js';
import { openForTest } from '../../../support/digitalocean/open-for-test.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { stateKnowing } from '../../../support/terraform-state.js';

const CLUSTER = 'ck-test-a';
const SOURCES = ['203.0.113.7'];

it('a lost key store is told before anything is changed', async () => {
  const { api, call } = await openForTest();
  const world = await dropletWorld(api.url);
  const { droplet } = await putCluster(call, CLUSTER);
  await mkdir(join(world.project.stateDir, 'state'), { recursive: true });
  const state = join(world.project.stateDir, 'state', `${CLUSTER}.tfstate`);
  await writeFile(state, stateKnowing(droplet));

  const error = await kitErrorOf(() => lookAhead(dropletSettings(), world, SOURCES));
  expect([error.code, error.exitCode]).toEqual(['login-key-missing', 3]);

  await ensureSshKeys(keyDirectory(world.project.stateDir, CLUSTER));
  const { own } = await lookAhead(dropletSettings(), world, SOURCES);
  expect(own.some(({ id }) => id === droplet)).toBe(true);
});

it('with all files lost, down does not say gone of what stays', async () => {
  const { api, call } = await openForTest();
  const world = await dropletWorld(api.url);
  await putCluster(call, CLUSTER);
  const before = api.objects();
  const error = await kitErrorOf(() => takeDownDroplet(dropletSettings(), false, world));
  expect([error.code, error.exitCode]).toEqual(['cluster-elsewhere', 2]);
  expect(error.message).toContain(`clusterkit sweep ${CLUSTER} --remove`);
  expect(api.objects()).toEqual(before);
});
