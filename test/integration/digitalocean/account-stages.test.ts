import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keyDirectory } from '../../../lib/keys/key-directory.js';
import { ensureSecrets } from '../../../lib/keys/key-store.js';
import { ensureSshKeys } from '../../../lib/keys/ssh-keys.js';
import type { DropletSettings } from '../../../lib/settings/cluster-settings.js';
import { apiForTest } from '../../support/digitalocean/api/api-for-test.js';
import { TEST_TOKEN } from '../../support/digitalocean/api/server.js';
import {
  DROPLET_PROPS,
  someDroplet,
  synthesizeDroplet,
} from '../../support/synthesized-droplet-stack.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { workspace } from './provider-workspace.js';

const RUN_STAGE = resolve(import.meta.dirname, '../../../dist/scripts/run-stage.js');
/** The stages on the account, and the way back, are the kit's own; no droplet is set up. */
const REAL = ['sweep-droplet', 'forget-droplet', 'release'];

type Fake = Awaited<ReturnType<typeof apiForTest>>;

/** The stack of a cluster `one` in a project of its own, on an account. */
async function start(custom: Partial<DropletSettings> = {}, account?: Fake) {
  const { api, call } = account ?? (await apiForTest());
  const home = await temporaryDirectory();
  const keys = keyDirectory(home, 'one');
  await ensureSecrets(keys, 'rsa');
  const { login } = await ensureSshKeys(keys);
  await mkdir(join(home, 'state'));
  const script = join(home, 'stages.mjs');
  await writeFile(
    script,
    `if (${JSON.stringify(REAL)}.includes(process.argv[2])) await import(${JSON.stringify(RUN_STAGE)});\n`,
  );
  const place = await workspace({
    env: { DIGITALOCEAN_API_URL: api.url, DIGITALOCEAN_TOKEN: TEST_TOKEN },
  });
  const stack = (attempt: string) =>
    synthesizeDroplet({
      settings: someDroplet(custom),
      places: { stateDir: home, registry: join(home, 'prisma', 'config.yml'), attempt },
      program: { node: process.execPath, script },
      ground: { ...DROPLET_PROPS.ground, loginPublicKey: login.publicKey },
    }).text;
  await place.write(stack('first'));
  await place.init();
  /** One apply, as the kit would begin it. */
  const attempt = async (name: string) => {
    await place.write(stack(name));
    return place.run('apply', '-auto-approve', '-input=false', '-no-color');
  };
  const kinds = () => api.objects().map(({ type }) => type);
  return { ...place, api, call, keys, attempt, kinds };
}

const EVERYTHING = ['ssh_key', 'droplet', 'volume', 'firewall', 'tag', 'tag'];

describe('a second droplet, after a lost answer', () => {
  test('goes with a destroy, though no state knows it', async () => {
    const { api, attempt, destroy, kinds, keys } = await start();
    api.faults.add({ method: 'POST', path: '/v2/droplets', with: 'answer-lost' });
    expect((await attempt('first')).exitCode).toBe(0);
    expect(kinds().filter((kind) => kind === 'droplet')).toHaveLength(2);
    await destroy();
    expect(api.objects()).toEqual([]);
    await expect(readdir(keys)).rejects.toThrow('ENOENT');
  });

  test('goes with the next attempt', async () => {
    const { api, attempt, kinds, plan } = await start();
    api.faults.add({ method: 'POST', path: '/v2/droplets', with: 'answer-lost' });
    await attempt('first');
    expect((await attempt('second')).exitCode).toBe(0);
    expect(kinds()).toEqual(EVERYTHING);
    expect(await plan()).toEqual([]);
  });
});

describe('what was made, and its answer lost', () => {
  test.each([
    ['account/keys', {}],
    ['firewalls', {}],
    ['projects', { project: 'ck-test' }],
  ])('%s: in the way of this attempt, not of the next', async (path, custom) => {
    const { api, attempt, destroy, plan } = await start(custom);
    api.faults.add({ method: 'POST', path: `/v2/${path}`, with: 'answer-lost' });
    expect((await attempt('first')).exitCode).toBe(1);
    expect((await attempt('second')).exitCode).toBe(0);
    expect(await plan()).toEqual([]);
    await destroy();
    expect(api.objects()).toEqual([]);
  });

  test.each(['account/keys', 'firewalls'])('%s: a destroy leaves nothing of it', async (path) => {
    const { api, attempt, destroy } = await start();
    api.faults.add({ method: 'POST', path: `/v2/${path}`, with: 'answer-lost' });
    expect((await attempt('first')).exitCode).toBe(1);
    await destroy();
    expect(api.objects()).toEqual([]);
  });

  test('a volume is never removed unasked, nor is its password', async () => {
    const { api, attempt, destroy, kinds, keys } = await start();
    api.faults.add({ method: 'POST', path: '/v2/volumes', with: 'answer-lost' });
    expect((await attempt('first')).exitCode).toBe(1);
    const { exitCode, all } = await attempt('second');
    expect(exitCode).toBe(1);
    expect(all.replace(/\s+/g, ' ')).toContain('`clusterkit up one` takes it over with its data');
    await destroy();
    expect(kinds()).toEqual(['volume', 'tag']);
    expect((await readdir(keys)).sort()).toEqual(['database-password', 'private.pem']);
  });
});

test('somebody else’s cluster of that name is refused before anything is made, and stays', async () => {
  const theirs = await start();
  await theirs.attempt('first');
  const ours = await start({}, theirs);
  const before = ours.api.objects();
  const { exitCode, all } = await ours.attempt('first');
  expect([exitCode, all]).toEqual([1, expect.stringContaining('not made from here')]);
  await ours.destroy();
  expect(ours.api.objects()).toEqual(before);
});

test('backups are weekly; a project goes without a refusal, before what is in it', async () => {
  const { api, call, attempt, plan, destroy } = await start({
    ...{ backups: true, project: 'ck-test', reservedIp: true },
  });
  expect((await attempt('first')).exitCode).toBe(0);
  expect(await plan()).toEqual([]);
  const id = api.objects().find(({ type }) => type === 'droplet')?.id;
  expect((await call('GET', `/v2/droplets/${id}/backups/policy`)).body.policy).toMatchObject({
    backup_policy: { plan: 'weekly', weekday: 'SUN', hour: 4 },
  });
  const calls = api.requests.length;
  await destroy();
  expect(api.objects()).toEqual([]);
  const refused = api.requests.slice(calls).filter(({ outcome }) => outcome === 412);
  expect(refused).toEqual([]);
});
