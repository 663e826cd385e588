import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { terraformFailure } from '../../../clients/terraform/failure.js';
import { runTerraform } from '../../../clients/terraform/run-terraform.js';
import { findTerraform } from '../../../clients/terraform/terraform-binary.js';
import { cacheDirectory } from '../../../cluster/project.js';
import { TestCluster } from '../../support/test-cluster.js';

/** Mounts a small disk of its own at `directory`; `undefined` where mounting is not allowed. */
async function smallDisk(directory: string, size: string): Promise<string | undefined> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const options = `size=${size},mode=0700`;
  const { failed } = await execa('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory], {
    reject: false,
  });
  if (failed) return undefined;
  onTestFinished(async () => {
    await execa('umount', ['--lazy', directory], { reject: false });
  });
  return directory;
}

/** Leaves `free` bytes. */
async function fill(directory: string, free: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  await writeFile(join(directory, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - free)));
}

it('a full disk is called that in synthesis, and the next plan goes on', async ({ skip }) => {
  const cluster = await TestCluster.create();
  onTestFinished(() => cluster.dispose());
  const disk = await smallDisk(cluster.stateDir, '512k');
  if (disk === undefined) return skip('mounting is not allowed here');
  for (const free of [0, 8192]) {
    await fill(disk, free);
    const { exitCode, all } = await cluster.plan();
    expect([exitCode, all]).toEqual([3, expect.stringContaining('no space is left on this disk')]);
    await rm(join(disk, 'filler'));
  }
  const { exitCode, all } = await cluster.plan();
  expect(exitCode, all).toBe(4);
}, 60_000);

it('a full disk is called that when Terraform cannot write its state', async ({ skip }) => {
  const cluster = await TestCluster.create();
  onTestFinished(() => cluster.dispose());
  const disk = await smallDisk(join(cluster.directory, 'disk'), '128k');
  if (disk === undefined) return skip('mounting is not allowed here');
  const binary = await findTerraform(process.env, cacheDirectory(process.env, homedir()));
  const directory = join(disk, 'run');
  await mkdir(directory);
  const stack = {
    terraform: { backend: { local: { path: join(disk, 'one.tfstate') } } },
    resource: { terraform_data: { one: { input: 'x'.repeat(20_000) } } },
  };
  await writeFile(join(directory, 'cdk.tf.json'), JSON.stringify(stack));
  const { PATH } = process.env;
  const run = { binary, directory, dataDir: join(cluster.directory, 'data'), env: { PATH } };
  expect((await runTerraform(['init', '-no-color'], run)).exitCode).toBe(0);
  await fill(disk, 12_288);
  const result = await runTerraform(['apply', '-json', '-auto-approve', '-input=false'], run);
  expect(result.exitCode).not.toBe(0);
  const { code, problems } = await terraformFailure('apply', result, run);
  expect([code, problems[0]?.message]).toEqual(['disk-full', 'no space is left on this disk']);
}, 60_000);
