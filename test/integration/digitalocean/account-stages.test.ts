import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openApi } from '../../../clients/digitalocean/api.js';
import { keyDirectory } from '../../../cluster/keys/key-directory.js';
import { ensureSecrets } from '../../../cluster/keys/key-store.js';
import { stateFile } from '../../../cluster/project.js';
import { Secret } from '../../../lib/secret.js';
import { readAccountObjects } from '../../../targets/droplet/account/account-facts.js';
import { forgetVanished } from '../../../targets/droplet/account/forget-vanished.js';
import { ensureSshKeys } from '../../../targets/droplet/keys/ssh-keys.js';
import type { DropletSettings } from '../../../targets/droplet/settings.js';
import { apiForTest } from '../../support/digitalocean/api/api-for-test.js';
import type { Misfortune } from '../../support/digitalocean/api/faults.js';
import { TEST_TOKEN } from '../../support/digitalocean/api/server.js';
import { BOOT, someDroplet, synthesizeDroplet } from '../../support/synthesized-droplet-stack.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { workspace } from './provider-workspace.js';

const RUN_STAGE = resolve(import.meta.dirname, '../../../dist/scripts/run-stage.js');
/** The stages on the account, and the way back, are the kit's own; no droplet is set up. */
const REAL = [
  ...['sweep-droplet', 'forget-droplet', 'managed-database', 'drop-database', 'release'],
];

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
      places: {
        ...{ stateDir: home, registry: join(home, 'prisma', 'config.yml'), attempt },
        identity: { id: 'ours', origin: home },
      },
      program: { node: process.execPath, script, stateDir: home },
      boot: { ...BOOT, loginPublicKey: login.publicKey },
    }).text;
  await place.write(stack('first'));
  await place.init();
  /** One apply, as the kit would begin it. */
  const attempt = async (name: string) => {
    await place.write(stack(name));
    return place.run('apply', '-auto-approve', '-input=false', '-no-color');
  };
  const kinds = () => api.objects().map(({ type }) => type);
  const client = openApi({ url: api.url, token: new Secret(TEST_TOKEN) }, { pauseMs: 1 });
  const forget = async () =>
    forgetVanished(place.terraform, stateFile(home, 'one'), await readAccountObjects(client));
  return { ...place, api, call, keys, attempt, kinds, forget };
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
    expect(all.replace(/\s+/g, ' ')).toContain('`clusterkit up one` reuses it with its data');
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
  expect([exitCode, all]).toEqual([
    1,
    expect.stringContaining('was not created from this project'),
  ]);
  await ours.destroy();
  expect(ours.api.objects()).toEqual(before);
});

/** How a call fails once, and what is left that nothing tells whose it is. More ways are in the e2e tests. */
const WAYS: readonly (readonly [string, Misfortune, readonly string[]])[] = [
  ['429', { status: 429, retryAfterSeconds: 0 }, []],
  ['503', { status: 503 }, []],
  ['no answer', { silentMs: 50 }, []],
  ['answer lost', 'answer-lost', ['reserved_ip']],
];

/** More than any way needs: each attempt gets further. */
const MOST_ATTEMPTS = 30;

test.each(WAYS)(
  'every call fails once (%s): attempts end well, and leave nothing',
  async (_, way, left) => {
    const { api, attempt, run, plan, kinds, forget } = await start({
      ...{ reservedIp: true, project: 'ck-test', backups: true },
    });
    const until = async (step: (turn: number) => Promise<string | undefined>): Promise<void> => {
      for (let turn = 1; ; turn++) {
        const failure = await step(turn);
        if (failure === undefined) return;
        if (turn === MOST_ATTEMPTS) throw new Error(failure);
        // What `clusterkit up` and `down` do before they call Terraform.
        await forget();
        if (failure.includes('reuses it')) {
          const volume = api.objects().find(({ type }) => type === 'volume');
          await run('import', 'digitalocean_volume.data', volume?.id ?? '');
        }
      }
    };
    const failureOf = ({ exitCode, all }: Awaited<ReturnType<typeof run>>) =>
      exitCode === 0 ? undefined : all;
    const met = api.faults.firstOfEach(way);
    await until(async (turn) => failureOf(await attempt(`number ${turn}`)));
    expect(met).toContain('POST /v2/droplets');
    api.faults.clear();
    expect(await plan()).toEqual([]);
    expect(kinds().filter((kind) => kind === 'droplet')).toHaveLength(1);
    const metAtTheEnd = api.faults.firstOfEach(way);
    await until(async () => failureOf(await run('destroy', '-auto-approve', '-no-color')));
    expect(metAtTheEnd).toContain('DELETE /v2/volumes/:id');
    expect(kinds()).toEqual(left);
  },
  600_000,
);

test('a project or an address that somebody removed stops neither a plan nor a destroy', async () => {
  const { api, call, attempt, run, plan, destroy, forget } = await start({
    ...{ project: 'ck-test', reservedIp: true },
  });
  await attempt('first');
  expect(await forget()).toEqual([]);
  const idOf = (kind: string) => api.objects().find(({ type }) => type === kind)?.id ?? '';
  const remove = async () => {
    const [project, address] = [idOf('project'), idOf('reserved_ip')];
    const { resources } = (await call('GET', `/v2/projects/${project}/resources`)).body;
    const urns = (resources as { urn: string }[]).map(({ urn }) => urn);
    await call('POST', '/v2/projects/default/resources', { resources: urns });
    await call('DELETE', `/v2/projects/${project}`);
    await call('POST', `/v2/reserved_ips/${address}/actions`, { type: 'unassign' });
    await call('GET', `/v2/reserved_ips/${address}`);
    expect((await call('DELETE', `/v2/reserved_ips/${address}`)).status).toBe(204);
  };
  await remove();
  expect((await run('plan')).exitCode).toBe(1);
  expect(await forget()).toEqual([
    'digitalocean_project.project',
    'digitalocean_reserved_ip_assignment.address',
  ]);
  expect(await plan()).toContain('create project.project');
  expect((await attempt('second')).exitCode).toBe(0);
  await remove();
  await forget();
  await destroy();
  expect(api.objects()).toEqual([]);
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

describe('a managed database', () => {
  const managed = {
    volume: false,
    database: {
      connector: 'postgres',
      image: 'clusterkit/gateway:0.1.0',
      managed: { version: '15', size: 'db-s-1vcpu-1gb', nodes: 1 },
    },
  } as const;
  const databases = (kinds: () => string[]) => kinds().filter((kind) => kind === 'database');

  test.for<[string, Misfortune]>([
    ['422', { status: 422 }],
    ['an answer that is lost', 'answer-lost'],
  ])('%s: every call once, and there is one; a destroy leaves nothing', async ([, misfortune]) => {
    const { api, attempt, destroy, kinds, plan } = await start(managed);
    const met = api.faults.firstOfEach(misfortune, { pattern: /^\/v2\/databases/ });
    let exitCode: number | undefined = 1;
    for (let runs = 1; exitCode !== 0 && runs < 8; runs += 1) {
      ({ exitCode } = await attempt(`attempt ${runs}`));
    }
    expect([exitCode, databases(kinds)]).toEqual([0, ['database']]);
    expect(met).toContain('POST /v2/databases');
    expect(await plan()).toEqual([]);
    api.faults.clear();
    await destroy();
    expect(api.objects()).toEqual([]);
  });
});
