import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { DropletSettings } from '../../../targets/droplet/settings.js';
import type { Fault } from '../../support/digitalocean/api/faults.js';
import { startDigitalOceanApi, TEST_TOKEN } from '../../support/digitalocean/api/server.js';
import { newPublicKey } from '../../support/digitalocean/kit-cluster.js';
import { NEWEST_RELEASE, STAND_IN_RELEASE } from '../../support/digitalocean/provider.js';
import { BOOT, someDroplet, synthesizeDroplet } from '../../support/synthesized-droplet-stack.js';
import { workspace } from './provider-workspace.js';

type Custom = Partial<DropletSettings>;

/** How long the account takes for any action on the droplet, which meanwhile refuses the next one. */
const ACTION_MS = 150;

/** What the documentation lets a user change, one by one. A volume can only grow. */
const CHANGES: Readonly<Record<string, (step: number) => Custom>> = {
  reservedIp: () => ({ reservedIp: true }),
  'no volume': () => ({ volume: false }),
  'bigger volume': (step) => ({ volume: { sizeGb: 10 + step } }),
  backups: () => ({ backups: true }),
  size: () => ({ size: 's-2vcpu-4gb' }),
  // Replaces the droplet.
  monitoring: () => ({ monitoring: true }),
  project: () => ({ project: 'Our project' }),
  'tags and domain': () => ({
    tags: ['team:blue'],
    tls: { kind: 'acme', domain: 'api.example.com', proxyImage: 'caddy:2' },
  }),
};

/** What changes at once: every two of them somewhere. */
const AT_ONCE = [
  ['bigger volume', 'project'],
  ['reservedIp', 'bigger volume', 'backups', 'size'],
  ['reservedIp', 'no volume', 'monitoring', 'project'],
  ['bigger volume', 'monitoring', 'backups', 'tags and domain'],
  ['no volume', 'backups', 'project', 'tags and domain'],
  ['reservedIp', 'size', 'project', 'tags and domain'],
  // The new droplet has the bigger disk, which cannot shrink again.
  ['no volume', 'size', 'monitoring'],
];

const changed = (names: readonly string[], step: number): Custom =>
  Object.assign({}, ...names.map((name) => CHANGES[name]?.(step)));

/** The oldest provider that the kit takes, and the newest, to which a new droplet is busy for a moment. */
const RELEASES = [
  { release: '2.71.0', time: { action: ACTION_MS } },
  { release: NEWEST_RELEASE, time: { action: ACTION_MS, settling: ACTION_MS } },
] as const;

async function withEach(work: (space: Awaited<ReturnType<typeof place>>) => Promise<void>) {
  await Promise.all(RELEASES.map(async (provider) => work(await place(provider))));
}

/** An account, and a directory for stacks whose stages do nothing. */
async function place({ release, time }: (typeof RELEASES)[number]) {
  const api = await startDigitalOceanApi({ time });
  onTestFinished(() => api.close());
  const env = { DIGITALOCEAN_API_URL: api.url, DIGITALOCEAN_TOKEN: TEST_TOKEN };
  const space = await workspace({ env: { ...env, [STAND_IN_RELEASE]: release } });
  const userDataFile = join(space.directory, 'user-data.yaml');
  await writeFile(userDataFile, '#cloud-config\n');
  const boot = { ...BOOT, loginPublicKey: newPublicKey(), userDataFile };
  const registry = join(space.directory, 'config.yml');
  const stateDir = space.directory;
  const identity = { id: 'ours', origin: stateDir };
  const places = { stateDir, identity, registry, attempt: 'first' };
  const program = { node: process.execPath, script: '--version', stateDir };
  const use = (custom: Custom) =>
    space.write(synthesizeDroplet({ settings: someDroplet(custom), boot, places, program }).text);
  await use({});
  await space.init();
  /** Applies it in one run, after which nothing is left to change. */
  const change = async (custom: Custom) => {
    await use(custom);
    const { exitCode, all } = await space.run('apply', '-auto-approve', '-no-color');
    expect(exitCode, `provider ${release}: ${all}`).toBe(0);
    expect(await space.plan()).toEqual([]);
  };
  return { ...space, api, change };
}

test('every two changes are made at once somewhere', () => {
  const names = Object.keys(CHANGES);
  const pairs = names.flatMap((one, at) => names.slice(at + 1).map((other) => [one, other]));
  expect(pairs).toHaveLength(28);
  const missing = pairs.filter(
    (pair) => !AT_ONCE.some((group) => pair.every((name) => group.includes(name))),
  );
  expect(missing).toEqual([['no volume', 'bigger volume']]);
});

test('changes at once, and their end together with the next ones', () =>
  withEach(async ({ api, change, destroy }) => {
    await change({});
    for (const [step, names] of AT_ONCE.entries()) {
      await change({ volume: { sizeGb: 10 + step }, ...changed(names, step + 1) });
    }
    await destroy();
    // The user's tag and the kit's own outlive what had them; the kit itself removes the latter.
    expect(api.objects().map(({ name }) => name)).toEqual(['clusterkit', 'team:blue']);
  }));

test.each<[string, Custom]>([
  ['a volume', {}],
  ['a volume and an address', { reservedIp: true }],
  ['an address', { reservedIp: true, volume: false }],
  ['everything', { ...changed(Object.keys(CHANGES), 1), volume: { sizeGb: 20 } }],
])('a new droplet with %s, and its end', (_, custom) =>
  withEach(async ({ api, change, destroy }) => {
    await change(custom);
    await destroy();
    expect(api.objects().filter(({ type }) => type !== 'tag')).toEqual([]);
  }),
);

const PROJECT = { project: 'Our project' };
const NO_VOLUME = { volume: false } as const;

test.each<[string, Custom[]]>([
  ['an address, then it', [{ ...PROJECT, reservedIp: true }, PROJECT, {}]],
  ['a volume, then it', [PROJECT, { ...PROJECT, ...NO_VOLUME }, NO_VOLUME]],
  ['both, then it', [{ ...PROJECT, reservedIp: true }, { ...PROJECT, ...NO_VOLUME }, NO_VOLUME]],
  ['itself with all of them', [{ ...PROJECT, reservedIp: true }, NO_VOLUME]],
])('a project loses %s', (_, steps) =>
  withEach(async ({ api, change, destroy }) => {
    for (const custom of steps) await change(custom);
    expect(api.objects().filter(({ type }) => type === 'project')).toEqual([]);
    await destroy();
    expect(api.objects().filter(({ type }) => type !== 'tag')).toEqual([]);
  }),
);

/** Also the newest provider meets it, whose first calls the account refuses while the new droplet is busy. */
const ALWAYS = 100;

test.each<[string, Fault, RegExp]>([
  [
    'a refused precondition',
    { method: 'POST', path: '/v2/volumes/*/actions', times: ALWAYS, with: { status: 412 } },
    /\b412\b/,
  ],
  [
    'an action that DigitalOcean gives up',
    { method: 'POST', path: '/v2/volumes/*/actions', times: ALWAYS, with: { action: 'errored' } },
    /errored/,
  ],
])('%s: the reason is said, and the next apply mends it', (_, fault, reason) =>
  withEach(async ({ api, change, destroy }) => {
    api.faults.add(fault);
    await expect(change({ reservedIp: true })).rejects.toThrow(reason);
    api.faults.clear();
    await change({ reservedIp: true });
    expect(api.objects().filter(({ type }) => type === 'droplet')).toHaveLength(1);
    await destroy();
    expect(api.objects().filter(({ type }) => type !== 'tag')).toEqual([]);
  }),
);
