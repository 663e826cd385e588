import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ClusterWorld } from '../../../cluster/context.js';
import { withClusterLock } from '../../../cluster/lock.js';
import { cacheDirectory, projectOf, workingDirectory } from '../../../cluster/project.js';
import { readClustersFile } from '../../../targets/clusters-file/read.js';
import { selectCluster } from '../../../targets/clusters-file/select.js';
import { planCluster } from '../../../targets/docker/plan.js';
import { TestCluster } from '../../support/test-cluster.js';

/** A cluster that is not there, and how a command sees it. */
async function start() {
  const cluster = await TestCluster.create();
  onTestFinished(() => cluster.dispose());
  const { name, configFile, directory, registry, home } = cluster;
  const settings = selectCluster(await readClustersFile(configFile), name);
  if (settings.target !== 'docker') throw new Error('it is on the engine here');
  const project = projectOf(configFile, directory);
  const env = cluster.env();
  const world = (verb: string, warn: (text: string) => void = () => {}): ClusterWorld => ({
    ...{ cluster: name, project, registry, env, cacheDir: cacheDirectory(env, home) },
    steps: { done: () => {}, detail: () => {}, warn },
    signal: new AbortController().signal,
    command: `clusterkit ${verb} ${name}`,
  });
  const stack = () =>
    readFile(join(workingDirectory(project, name), 'cdk.tf.json'), 'utf8').catch(() => 'none');
  return { name, settings, world, stack };
}

describe('a plan while an up is at work', () => {
  test('waits, says for whom, and does not touch what the up is to apply', async () => {
    const { name, settings, world, stack } = await start();
    const told: string[] = [];
    let plan: ReturnType<typeof planCluster> | undefined;
    await withClusterLock(world('up'), async () => {
      const isOver = new Promise<void>((resolve) => {
        const mine = world('plan', (text) => {
          told.push(text);
          resolve();
        });
        plan = planCluster(settings, mine);
        plan.then(
          () => resolve(),
          () => resolve(),
        );
      });
      await isOver;
      expect(await stack()).toBe('none');
    });
    const owner = `clusterkit up ${name} (process ${process.pid})`;
    expect(told).toEqual([`cluster ${name} is in use by ${owner}: waiting for it, 120 s at most`]);
    expect((await plan)?.changes.length).toBeGreaterThan(5);
    expect(await stack()).toContain('docker_container');
  });
});
