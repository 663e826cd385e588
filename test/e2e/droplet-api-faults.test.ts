import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Misfortune } from '../support/digitalocean/api/faults.js';
import { TestDropletCluster } from '../support/droplet-cluster.js';
import { expectHealthy } from '../support/expect-healthy.js';

/** More runs than there are kinds of calls. */
const PATIENCE = 30;

describe('every call of the account fails once, and the same command again goes on', () => {
  let cluster: TestDropletCluster;

  beforeAll(async () => {
    cluster = await TestDropletCluster.create();
  });
  afterAll(() => cluster?.dispose());

  /** Runs a command until it succeeds; every failure before is one that tells what to do. */
  const persist = async (command: () => ReturnType<TestDropletCluster['up']>) => {
    const said: string[] = [];
    for (let runs = 1; runs <= PATIENCE; runs += 1) {
      const { exitCode, all } = await command();
      said.push(`run ${runs}, exit code ${exitCode}:\n${all}`);
      if (exitCode === 0) return runs;
      expect([2, 3], said.join('\n')).toContain(exitCode);
      expect(all).toMatch(/^error: .+/m);
    }
    throw new Error(said.join('\n'));
  };

  test.for<[string, Misfortune]>([
    ['429', { status: 429, retryAfterSeconds: 1 }],
    ['500', { status: 500 }],
    ['503', { status: 503 }],
    ['422', { status: 422 }],
    ['no answer', { silentMs: 500 }],
    ['an answer that is lost', 'answer-lost'],
  ])('%s', async ([, misfortune]) => {
    const { account } = cluster;
    account.api.faults.firstOfEach(misfortune);
    await persist(() => cluster.up());
    expect(account.left()).toEqual(cluster.parts());
    await expectHealthy(cluster);

    await persist(() => cluster.down());
    account.api.faults.clear();
    expect(account.left()).toEqual([]);
    expect(account.api.runtimeErrors).toEqual([]);
  });
});
