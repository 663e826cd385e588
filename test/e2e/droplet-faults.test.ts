import { mkdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { withLock } from '../../registry/file/registry-lock.js';
import type { BirthFault } from '../support/digitalocean/droplets/birth-faults.js';
import { killInRuncmd, mendEngine } from '../support/digitalocean/droplets/live-faults.js';
import { TestDropletCluster } from '../support/droplet-cluster.js';
import { expectUp } from '../support/expect-healthy.js';
import { eventually } from '../support/service.js';
import { changesTo } from '../support/test-account.js';
import { IMAGES } from '../support/test-project.js';

describe('a droplet that is not well', () => {
  let cluster: TestDropletCluster;

  beforeAll(async () => {
    cluster = await TestDropletCluster.create();
  });
  afterAll(() => cluster?.dispose());

  afterEach(async () => {
    cluster.account.birthFaults = [];
    const { exitCode, all } = await cluster.down();
    expect(exitCode, all).toBe(0);
    expect(cluster.account.left()).toEqual([]);
    await cluster.configure();
  });

  const born = (...faults: BirthFault[]) => {
    cluster.account.birthFaults = faults;
  };

  /** `up` fails for a reason in the world; gives its code and words. */
  const expectFailure = async () => {
    const { exitCode, stdout, all } = await cluster.up('--json');
    expect(exitCode, all).toBe(3);
    const { error } = JSON.parse(stdout) as {
      error: { code: string; problems: { message: string; hint?: string }[] };
    };
    expect((await cluster.readRegistry()) ?? '').not.toContain(cluster.name);
    return { code: error.code, text: JSON.stringify(error.problems) };
  };

  const guest = async (script: string) =>
    (await cluster.account.machine()).machine.run('sh', '-c', script);

  test('ssh refused for 20 s, then the plug pulled in the middle of cloud-init', async () => {
    born({ kind: 'refused-ssh', seconds: 20 });
    const up = cluster.up();
    const droplet = await eventually(() => cluster.account.machine());
    await killInRuncmd(droplet);
    const { exitCode, all } = await up;
    expect(exitCode, all).toBe(0);
    await expectUp(cluster);
    expect(await guest('journalctl --unit ssh --no-pager')).toContain('Accepted publickey');
  });

  test('another host key: refused, nothing sent, again and again', async () => {
    born({ kind: 'foreign-host-key' });
    for (let i = 0; i < 2; i += 1) {
      const { code, text } = await expectFailure();
      expect([code, text]).toEqual(['host-key-wrong', expect.stringContaining('nothing was sent')]);
      const log = await guest('journalctl --unit ssh --no-pager');
      expect(log).not.toMatch(/Accepted|Failed|authenticating|publickey|session opened/);
      expect(await guest('docker ps --all --quiet')).toBe('');
    }
  });

  test('an engine that does not start: the end of its log, and it goes on when it does', async () => {
    born({ kind: 'no-engine' });
    const { text } = await expectFailure();
    expect(text).toContain('engine broken by a test');
    await mendEngine(await cluster.account.machine());
    await expectUp(cluster);
  });

  test('a full disk: told', async () => {
    born({ kind: 'small-engine-disk', megabytes: 64 });
    const { code, text } = await expectFailure();
    expect([code, text]).toEqual(['image-not-copied', expect.stringContaining('no space left')]);
  });

  test('a server that keeps stopping, then a locked registry, then all is well', async () => {
    // A database in the server's place: it stops at once, since nobody gives it a password.
    await cluster.configure({ server: { image: IMAGES.database, version: '1.8' } });
    const stopping = await expectFailure();
    expect(stopping.code).toBe('server-not-ready');
    expect(stopping.text).toMatch(/keeps stopping \(\d+ restarts, exit code \d+\)/);

    await cluster.configure();
    await mkdir(dirname(cluster.registry), { recursive: true });
    const owner = { pid: process.pid, host: hostname(), command: 'somebody else' };
    await withLock(`${cluster.registry}.lock`, { owner, now: () => new Date() }, async () => {
      const locked = await expectFailure();
      expect([locked.code, locked.text]).toEqual([
        'registry-locked',
        expect.stringContaining('somebody else'),
      ]);
    });
    await expectUp(cluster);
  });

  test('a registry that cannot be written: told before anything is made', async () => {
    await rm(dirname(cluster.registry), { recursive: true, force: true });
    await writeFile(join(cluster.home, '.prisma'), 'a file, where a directory should be');
    const before = cluster.account.api.requests.length;
    try {
      const { text } = await expectFailure();
      expect(text).toContain('.prisma');

      expect(changesTo(cluster.account, before)).toEqual([]);
    } finally {
      await rm(join(cluster.home, '.prisma'));
    }
  });
});
