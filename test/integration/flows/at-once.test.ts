import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CommandContext } from '../../../cluster/context.js';
import { withClusterLock } from '../../../cluster/lock.js';
import { cacheDirectory, projectOf, workingDirectory } from '../../../cluster/project.js';
import { openRun } from '../../../lifecycle/cluster-run.js';
import { plan } from '../../../lifecycle/plan.js';
import { readClustersFile } from '../../../targets/clusters-file/read.js';
import { TestCluster } from '../../support/test-cluster.js';

/** A cluster that is not there, and how a command sees it. */
async function start() {
  const cluster = await TestCluster.create();
  onTestFinished(() => cluster.dispose());
  const { name, configFile, directory, registry, home } = cluster;
  const clusters = await readClustersFile(configFile);
  const project = projectOf(configFile, directory);
  const env = cluster.env();
  const commandFor = (verb: string, warn: (text: string) => void = () => {}): CommandContext => ({
    ...{ cluster: name, project, registry, env, cacheDir: cacheDirectory(env, home) },
    progress: { done: () => {}, detail: () => {}, warn },
    signal: new AbortController().signal,
    command: `clusterkit ${verb} ${name}`,
  });
  const stack = () =>
    readFile(join(workingDirectory(project, name), 'cdk.tf.json'), 'utf8').catch(() => 'none');
  return { name, clusters, commandFor, stack };
}

describe('a plan while an up is at work', () => {
  test('waits, says for whom, and does not touch what the up is to apply', async () => {
    const { name, clusters, commandFor, stack } = await start();
    const warnings: string[] = [];
    let planned: ReturnType<typeof plan> | undefined;
    await withClusterLock(commandFor('up'), async () => {
      const isOver = new Promise<void>((resolve) => {
        const mine = commandFor('plan', (text) => {
          warnings.push(text);
          resolve();
        });
        planned = plan(openRun(mine, clusters));
        planned.then(
          () => resolve(),
          () => resolve(),
        );
      });
      await isOver;
      expect(await stack()).toBe('none');
    });
    const owner = `process ${process.pid} on \\S+ \\(clusterkit up ${name}\\) since [\\d-]+T[\\d:.]+Z`;
    expect(warnings).toEqual([
      expect.stringMatching(
        `^cluster ${name} is in use by ${owner}: waiting for it, 120 s at most$`,
      ),
    ]);
    expect((await planned)?.changes.length).toBeGreaterThan(5);
    expect(await stack()).toContain('docker_container');
  });
});
