import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TestCluster } from '../../support/test-cluster.js';

/** A cluster that is registered, and whose state was cut short. */
async function start(text: string) {
  const cluster = await TestCluster.create();
  onTestFinished(() => cluster.dispose());
  await mkdir(join(cluster.stateDir, 'state'), { recursive: true, mode: 0o700 });
  const path = join(cluster.stateDir, 'state', `${cluster.name}.tfstate`);
  await writeFile(path, text);
  const registry = `clusters:\n  ${cluster.name}:\n    host: ${cluster.endpoint}\n`;
  await cluster.writeRegistry(registry);
  const problem = {
    path,
    message: "Terraform's state cannot be understood: it is not valid JSON, and may be incomplete",
    hint: `Restore it from a backup (Terraform may have left ${path}.backup); or move it away: up and down find existing objects without it.`,
  };
  return { cluster, path, registry, problem };
}

test('a state that was cut short: up, plan and down say so and change nothing, status tells it', async () => {
  const { cluster, path, registry, problem } = await start('{ "version": 4, "resources": [');
  for (const verb of ['up', 'plan', 'down'] as const) {
    const { exitCode, stdout, all } = await cluster[verb]('--json');
    expect([exitCode, JSON.parse(stdout)], all).toEqual([
      3,
      { error: { code: 'state-unreadable', exitCode: 3, problems: [problem] } },
    ]);
  }
  const { exitCode, stdout, all } = await cluster.status('--json');
  expect([exitCode, JSON.parse(stdout)], all).toMatchObject([
    4,
    [{ cluster: cluster.name, containers: { database: 'absent' }, problems: [problem] }],
  ]);
  expect(await readFile(path, 'utf8')).toBe('{ "version": 4, "resources": [');
  expect(await cluster.readRegistry()).toBe(registry);
});

test('an empty one is none: there is nothing to take down but the entry', async () => {
  const { cluster, path } = await start('');
  const { exitCode, all } = await cluster.down();
  expect(exitCode, all).toBe(0);
  await expect(readFile(path)).rejects.toThrow('ENOENT');
});
