import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cutAt, type Milestone } from '../support/cut-run.js';
import { TestDropletCluster } from '../support/droplet-cluster.js';
import { expectHealthy } from '../support/expect-healthy.js';
import { processesOf } from '../support/own-processes.js';

describe('up and down, killed at every stage, one after the other', () => {
  let cluster: TestDropletCluster;
  /** Requests before the run that is cut next. */
  let from = 0;

  beforeAll(async () => {
    cluster = await TestDropletCluster.create();
  });
  afterAll(() => cluster?.dispose());

  /** The account has answered such a request of this run, and done it. */
  const asked =
    (method: string, path: RegExp): Milestone =>
    () =>
      cluster.account.api.requests
        .slice(from)
        .some(
          (one) =>
            one.method === method &&
            path.test(one.path) &&
            [200, 201, 202, 204].includes(Number(one.outcome)),
        );

  /** Terraform has begun a stage of the kit. */
  const began =
    (stage: string): Milestone =>
    async () =>
      (await processesOf(cluster.directory)).some(({ command }) =>
        command.includes(`run-stage.js ${stage} `),
      );

  /** A container is on the droplet. */
  const contains =
    (role: string): Milestone =>
    async () => {
      const droplet = await cluster.account.machine().catch(() => undefined);
      const listed = await droplet?.machine.try('docker', 'ps', '-a', '--format', '{{.Names}}');
      return listed?.output.includes(`clusterkit-${cluster.name}-${role}`) ?? false;
    };

  const cut = async (verb: 'up' | 'down', milestone: Milestone, who: 'kit' | 'all') => {
    from = cluster.account.api.requests.length;
    const start = () => cluster.kit([verb, cluster.name, '--yes', '--verbose'], { ownGroup: true });
    const { reached, said } = await cutAt(cluster, start, milestone, who);
    expect(reached, said).toBe(true);
  };

  test.for<[string, () => Milestone, ('kit' | 'all')?]>([
    ['its ground is laid', () => asked('GET', /^\/v2\/account$/)],
    ['sweep begun', () => began('sweep-droplet')],
    // They are made side by side: which of them is the first is open.
    ['first thing made', () => asked('POST', /^\/v2\/(account\/keys|tags|firewalls|volumes)$/)],
    ['droplet being made', () => asked('POST', /^\/v2\/droplets$/)],
    ['volume attached', () => asked('POST', /^\/v2\/volumes\/[^/]+\/actions$/)],
    ['install begun', () => began('install')],
    ['database made', () => contains('database')],
    ['server made', () => contains('server'), 'kit'],
    ['register begun', () => began('register')],
  ])('up: %s', async ([, milestone, who = 'all']) => {
    await cut('up', milestone(), who);
  });

  test('up, at last left alone: one of everything, healthy, nothing forgotten', async () => {
    const { exitCode, all } = await cluster.up();
    expect(exitCode, all).toBe(0);
    await expectHealthy(cluster);
    expect((await cluster.plan()).exitCode).toBe(0);
    expect(cluster.account.left()).toEqual(cluster.parts());
    expect(await readdir(cluster.keyDirectory)).not.toContain('user-data.yaml');
    expect(await readdir(cluster.keyDirectory)).not.toContain('bootstrap-host-key');
  });

  test.for<[string, () => Milestone, ('kit' | 'all')?]>([
    ['the entry is gone', () => async () => (await cluster.endpoint()) === undefined],
    ['volume detached', () => asked('POST', /^\/v2\/volumes\/[^/]+\/actions$/), 'kit'],
    ['droplet being removed', () => asked('DELETE', /^\/v2\/droplets\/\d+$/)],
    ['key or tag removed', () => asked('DELETE', /^\/v2\/(account\/keys|tags)\/[^/]+$/)],
  ])('down: %s', async ([, milestone, who = 'all']) => {
    await cut('down', milestone(), who);
  });

  test('down, at last left alone: nothing is left', async () => {
    const { exitCode, all } = await cluster.down();
    expect(exitCode, all).toBe(0);
    expect(cluster.account.left()).toEqual([]);
    expect(cluster.account.api.runtimeErrors).toEqual([]);
    expect(await readdir(join(cluster.stateDir, 'keys')).catch(() => [])).toEqual([]);
    expect((await cluster.readRegistry()) ?? '').not.toContain(cluster.name);
    expect(await processesOf(cluster.directory)).toEqual([]);
  });
});
