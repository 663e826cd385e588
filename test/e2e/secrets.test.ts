import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containerIds, engine } from '../support/engine-traces.js';
import { watchProcesses } from '../support/own-processes.js';
import { clusterNeedles } from '../support/secret-needles.js';
import { terraformOf } from '../support/terraform-of.js';
import { TestCluster } from '../support/test-cluster.js';

describe('after up, no byte of the private key or the database password', () => {
  let cluster: TestCluster;
  let needles: string[];
  let output: string;
  let sampled: { readonly text: string; readonly samples: number };

  beforeAll(async () => {
    cluster = await TestCluster.create();
    const watch = watchProcesses(20);
    const { exitCode, all } = await cluster.up('--verbose');
    sampled = await watch.stop();
    expect(exitCode, all).toBe(0);
    output = all;
    needles = await clusterNeedles(join(cluster.stateDir, 'keys', cluster.name));
  });
  afterAll(() => cluster?.dispose());

  const expectClean = (what: string, text: string) => {
    const found = needles.filter((needle) => text.includes(needle));
    expect(found.length, `${what} has ${found.length} of ${needles.length}`).toBe(0);
  };

  test('the search finds them where they belong', async () => {
    const registry = (await cluster.readRegistry()) ?? '';
    const key = needles.slice(0, -2);
    expect(key.filter((needle) => registry.includes(needle))).toEqual(key);
  });

  test('in the output of up --verbose', () => {
    expect(output).toContain('configuration written');
    expectClean('output', output);
  });

  test('in the arguments of any process while up ran', () => {
    expect(sampled.samples).toBeGreaterThan(20);
    expect(sampled.text).toContain(`up ${cluster.name} --verbose`);
    expect(sampled.text).toContain('run-stage.js');
    expectClean('processes', sampled.text);
  });

  test('in any file of the project but the key store', async () => {
    const entries = await readdir(cluster.stateDir, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((each) => each.isFile())
      .map((each) => join(each.parentPath, each.name))
      .filter((path) => !path.startsWith(join(cluster.stateDir, 'keys')));
    const names = files.map((path) => path.slice(cluster.stateDir.length + 1));
    expect(names).toContain(`state/${cluster.name}.tfstate`);
    expect(names).toContain(`cdktf.out/stacks/${cluster.name}/cdk.tf.json`);
    for (const path of files) expectClean(path, await readFile(path, 'latin1'));
  });

  test('in a plan, of creation and of destruction', async () => {
    const { name, stateDir, home } = cluster;
    const { cwd, terraform } = await terraformOf({ name, stateDir, home, env: cluster.env() });
    for (const kind of [['-replace=terraform_data.configure'], ['-destroy']]) {
      await terraform('plan', '-input=false', '-out=the.plan', ...kind);
      const { stdout } = await terraform('show', '-json', 'the.plan');
      expect(stdout).toContain('docker_container');
      expectClean('plan', stdout);
      expectClean('plan file', await readFile(join(cwd, 'the.plan'), 'latin1'));
    }
    expectClean('state', (await terraform('show', '-json')).stdout);
  });

  test('in what the engine tells of containers, network and volumes', async () => {
    const ids = Object.values(await containerIds(cluster.name));
    expect(ids).toHaveLength(2);
    for (const id of ids) {
      const container = engine.getContainer(id);
      expectClean('inspect', JSON.stringify(await container.inspect()));
      expectClean('top', JSON.stringify(await container.top({ ps_args: '-eo pid,args' })));
    }
    for (const role of ['data', 'config']) {
      const volume = engine.getVolume(`clusterkit-${cluster.name}-${role}`);
      expectClean('volume', JSON.stringify(await volume.inspect()));
    }
    const network = engine.getNetwork(`clusterkit-${cluster.name}-network`);
    expectClean('network', JSON.stringify(await network.inspect()));
  });

  test('in the logs of the containers', async () => {
    for (const id of Object.values(await containerIds(cluster.name))) {
      const log = await engine.getContainer(id).logs({ stdout: true, stderr: true });
      expect(log.length).toBeGreaterThan(0);
      expectClean('log', log.toString('latin1'));
    }
  });

  test('in the output of plan, status and down', async () => {
    for (const run of [
      await cluster.plan('--verbose', '--json'),
      await cluster.status('--verbose', '--json'),
      await cluster.down('--verbose', '--json'),
    ]) {
      expect(run.exitCode, run.all).toBe(0);
      expectClean('output', run.all);
    }
  });
});
