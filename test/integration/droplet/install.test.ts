import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statusOf } from '../../../clients/docker/connect.js';
import { ensureSecrets } from '../../../cluster/keys/key-store.js';
import { awaitServer } from '../../../prisma/probe/await-server.js';
import { requireClosed } from '../../../prisma/probe/require-closed.js';
import {
  foreignTokens,
  newForeignCredentials,
} from '../../../prisma/tokens/foreign-credentials.js';
import { mintProbeToken } from '../../../prisma/tokens/probe-token.js';
import { engineOf, openDroplet } from '../../../targets/droplet/engines.js';
import { type InstallInput, install } from '../../../targets/droplet/install.js';
import { dataUsage } from '../../../targets/droplet/machine/data-usage.js';
import { ON_DROPLET } from '../../../targets/droplet/machine/places.js';
import {
  type BootedDroplet,
  BootedDroplets,
  installInput,
} from '../../support/digitalocean/booted-droplet.js';
import {
  breakEngine,
  killInRuncmd,
  mendEngine,
} from '../../support/digitalocean/droplets/live-faults.js';
import { kitErrorOf } from '../../support/kit-error-of.js';

let all: BootedDroplets;

beforeAll(async () => {
  all = await BootedDroplets.open();
}, 600_000);
afterAll(() => all?.dispose());

const inputFor = (one: BootedDroplet, custom: Partial<InstallInput> = {}) => ({
  ...installInput(one),
  volume: BootedDroplets.VOLUME.name,
  ...custom,
});

/** The gate of the stage `register`. */
async function requireProof({ host, keyDirectory }: BootedDroplet): Promise<string | undefined> {
  const { clusterSecret } = await ensureSecrets(keyDirectory, 'rsa');
  const endpoint = `http://${host}:4466`;
  const server = await awaitServer({
    host: endpoint,
    whyHopeless: async () => undefined,
    evidence: async () => '',
  });
  const signing = { clusterSecret, ttlSeconds: 60, now: new Date() };
  await requireClosed({
    host: endpoint,
    path: server.path,
    ownToken: await mintProbeToken(signing),
    foreignTokens: await foreignTokens({
      ...signing,
      foreignCredentials: await newForeignCredentials(),
    }),
    evidence: async () => '',
  });
  return server.generation;
}

describe('install', () => {
  it('brings a droplet to a server that is closed to all but us; again it finds all so', async () => {
    const one = await all.boot({ volumes: [BootedDroplets.VOLUME] });
    const input = inputFor(one);
    expect(await install(input)).toEqual({
      'host key': 'switched',
      volume: 'mounted',
      'file system': 'already so',
      'database image': 'copied',
      'server image': 'copied',
      network: 'created',
      configuration: 'filled',
      database: 'created',
      server: 'created',
    });
    expect(await requireProof(one)).toBe('B');

    expect(new Set(Object.values(await install(input)))).toEqual(new Set(['already so']));

    const { machine } = all.droplets.droplet(one.id);
    expect(await machine.run('sh', '-c', 'ls /mnt/clusterkit/data | grep PG_VERSION')).toBe(
      'PG_VERSION',
    );
    // What is secret is in files of root only: not in environment, arguments or labels.
    const connection = await openDroplet(one.keyDirectory);
    const engine = await engineOf(connection);
    const { databasePassword } = await ensureSecrets(one.keyDirectory, 'rsa');
    for (const { Id } of await engine.listContainers({ all: true })) {
      expect(JSON.stringify(await engine.getContainer(Id).inspect())).not.toContain(
        databasePassword.reveal(),
      );
    }

    // What could not read the data never gets to it.
    const unfit = { ...input, connector: 'mysql' as const };
    expect(await kitErrorOf(() => install(unfit))).toMatchObject({
      code: 'data-unfit',
      exitCode: 2,
    });

    // A stopped one is started, another configuration makes other containers, with the same data.
    await engine.getContainer(`clusterkit-${input.cluster}-server`).stop();
    expect(await install(input)).toMatchObject({ database: 'already so', server: 'started' });
    expect(await install({ ...input, port: 4467 })).toMatchObject({
      configuration: 'already so',
      database: 'already so',
      server: 'replaced',
    });
    expect(await install(input)).toMatchObject({ server: 'replaced' });
    connection.close();

    // A bigger volume is a bigger file system, whose data and containers are as before.
    const space = async () => {
      const said = await machine.run('df', '-BM', '--output=size', '/mnt/clusterkit/data');
      return Number(/(\d+)M\s*$/.exec(said)?.[1]);
    };
    const usage = async () => {
      const shell = await openDroplet(one.keyDirectory);
      const options = { timeoutMs: 60_000, signal: AbortSignal.timeout(60_000) };
      return dataUsage(shell, options).finally(() => shell.close());
    };
    expect(await space()).toBeLessThan(1024);
    expect(await usage()).toMatchObject({ volumeBytes: 1024 ** 3, isGrown: true });
    await all.droplets.resizeVolume(BootedDroplets.VOLUME.id, 3);
    expect(await usage()).toMatchObject({ volumeBytes: 3 * 1024 ** 3, isGrown: false });
    expect(await install(input)).toMatchObject({
      'file system': expect.stringMatching(/^grown to \d{4} MB$/),
      ...{ database: 'already so', server: 'already so' },
    });
    expect(await space()).toBeGreaterThan(2800);
    expect(await usage()).toMatchObject({ volumeBytes: 3 * 1024 ** 3, isGrown: true });
    expect(await install(input)).toMatchObject({ 'file system': 'already so' });
    expect(await requireProof(one)).toBe('B');

    await all.droplets.powerCycle(one.id);
    expect(await requireProof(one)).toBe('B');
    expect(await machine.run('findmnt', '-nro', 'TARGET', '--target', '/mnt/clusterkit/data')).toBe(
      '/mnt/clusterkit',
    );

    // Elsewhere than before: the data is left alone.
    expect(await kitErrorOf(() => install({ ...input, volume: '' }))).toMatchObject({
      code: 'volume-differs',
    });
    await all.droplets.destroy(one.id);
  });

  it('formats a raw volume, never one with something on it, and waits for one that comes late', async () => {
    const raw = { id: 'v-raw', name: 'ck-raw', sizeGigabytes: 1, filesystem: undefined };
    const one = await all.boot();
    const { mountVolume } = await import('../../../targets/droplet/machine/mount-volume.js');
    const { contactDroplet } = await import('../../../targets/droplet/machine/contact.js');
    const { connection } = await contactDroplet(one);
    const mounted = mountVolume(connection, raw.name);
    await all.droplets.attachVolume(one.id, raw);
    expect(await mounted).toBe('mounted');
    await connection.run(['touch', '/mnt/clusterkit/data/kept']);
    expect(await mountVolume(connection, raw.name)).toBe('already so');
    await connection.run(['umount', '/mnt/clusterkit']);
    expect(await mountVolume(connection, raw.name)).toBe('mounted');
    expect((await connection.run(['ls', '/mnt/clusterkit/data'])).stdout).toBe('kept\n');
    connection.close();
    await all.droplets.destroy(one.id);
  });
});

describe('a first boot', () => {
  it('that was cut in the middle is told, though cloud-init says done', async () => {
    const middle = `echo reached the middle >>${ON_DROPLET.log}`;
    const one = await all.boot({ commands: [middle, 'sleep 20'] });
    await killInRuncmd(all.droplets.droplet(one.id));
    const error = await kitErrorOf(() => install(inputFor(one, { volume: '' })));
    expect(error).toMatchObject({ code: 'first-boot-cut', exitCode: 3 });
    expect(error.message).toContain('cloud-init says done, but its last step never ran');
    expect(error.message).toContain('reached the middle');
    await all.droplets.destroy(one.id);
  });

  it('whose own step failed is told with that step, at once', async () => {
    const one = await all.boot({
      commands: [
        'mkdir -p /var/lib/clusterkit',
        'echo engine >/var/lib/clusterkit/first-boot.failed',
        'sleep 60',
      ],
    });
    const error = await kitErrorOf(() => install(inputFor(one, { volume: '' })));
    expect(error).toMatchObject({ code: 'first-boot-failed' });
    expect(error.message).toContain('engine');
    await all.droplets.destroy(one.id);
  });
});

describe('an engine on a droplet', () => {
  it('that does not start is told with its log, and the next run goes on', async () => {
    const one = await all.boot();
    const { connection } = await (
      await import('../../../targets/droplet/machine/contact.js')
    ).contactDroplet(one);
    connection.close();
    await breakEngine(all.droplets.droplet(one.id));
    const input = inputFor(one, { volume: '', databaseTransport: 'push' });
    const error = await kitErrorOf(() => install(input));
    expect(error).toMatchObject({ code: 'engine-unreachable' });
    expect(error.message).toMatch(/Last lines of its log:\n.*docker/);
    await mendEngine(all.droplets.droplet(one.id));
    expect(await install(input)).toMatchObject({ 'host key': 'already so', server: 'created' });
    await all.droplets.destroy(one.id);
  });

  it('whose disk is full is told what does not fit', async () => {
    const one = await all.boot({ faults: [{ kind: 'small-engine-disk', megabytes: 64 }] });
    const error = await kitErrorOf(() => install(inputFor(one, { volume: '' })));
    expect(error).toMatchObject({ code: 'image-not-copied' });
    expect(error.message).toMatch(/no space left on device/);
    expect(statusOf(error)).toBeUndefined();
    await all.droplets.destroy(one.id);
  });
});
