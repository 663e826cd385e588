import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keyDirectory } from '../../../../cluster/keys/key-directory.js';
import { down } from '../../../../targets/droplet/down.js';
import { ensureSshKeys } from '../../../../targets/droplet/keys/ssh-keys.js';
import { preflight } from '../../../../targets/droplet/preflight.js';
import { dropletContext, dropletSettings } from '../../../support/digitalocean/droplet-context.js';
import { putCluster } from '../../../support/digitalocean/kit-cluster.js';
import { openForTest } from '../../../support/digitalocean/open-for-test.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { stateKnowing } from '../../../support/terraform-state.js';

const CLUSTER = 'ck-test-a';

it('a lost key store is reported before anything is changed', async () => {
  const { api, call } = await openForTest();
  const context = await dropletContext(api.url, { options: { sources: ['203.0.113.7'] } });
  const { droplet } = await putCluster(call, CLUSTER);
  await mkdir(join(context.project.stateDir, 'state'), { recursive: true });
  const state = join(context.project.stateDir, 'state', `${CLUSTER}.tfstate`);
  await writeFile(state, stateKnowing(droplet));

  const error = await kitErrorOf(() => preflight(dropletSettings(), context));
  expect([error.code, error.exitCode]).toEqual(['login-key-missing', 3]);

  await ensureSshKeys(keyDirectory(context.project.stateDir, CLUSTER));
  const { own } = await preflight(dropletSettings(), context);
  expect(own.some(({ id }) => id === droplet)).toBe(true);
});

it('with all files lost, down does not say gone of what stays', async () => {
  const { api, call } = await openForTest();
  const context = await dropletContext(api.url, { options: { sources: ['203.0.113.7'] } });
  await putCluster(call, CLUSTER);
  const before = api.objects();
  const error = await kitErrorOf(() => down(dropletSettings(), context, false));
  expect([error.code, error.exitCode]).toEqual(['cluster-elsewhere', 2]);
  expect(error.message).toContain(`clusterkit sweep ${CLUSTER} --remove`);
  expect(api.objects()).toEqual(before);
});
