import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory } from '../../lib/make-directory.js';
import { terraformFailure } from './failure.js';
import type { InstalledProviders } from './install-providers.js';
import { runTerraform, type TerraformRun } from './run-terraform.js';

/** Writes the lock file, and runs `terraform init` unless stack, binary and providers are those of the last time. */
export async function initialize(run: TerraformRun, providers: InstalledProviders): Promise<void> {
  const { directory, dataDir, binary } = run;
  await writeFile(join(directory, '.terraform.lock.hcl'), providers.lock, { mode: 0o600 });
  const stamp = join(dataDir, 'clusterkit-init');
  const wanted = digest([await terraformBlock(directory), binary, providers.directory]);
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return;
  await rm(dataDir, { recursive: true, force: true });
  await makeDirectory(dataDir);
  const plugins = `-plugin-dir=${providers.directory}`;
  const argv = ['init', '-input=false', '-no-color', '-reconfigure', plugins];
  const result = await runTerraform(argv, run);
  if (result.exitCode !== 0) {
    throw await terraformFailure('init', result, run, { code: 'terraform-init-failed' });
  }
  await writeFile(stamp, wanted, { mode: 0o600 });
}

/** The part of a stack that `init` reads: backend and providers. */
export async function terraformBlock(directory: string): Promise<TerraformBlock> {
  const stack = JSON.parse(await readFile(join(directory, 'cdk.tf.json'), 'utf8')) as {
    terraform: TerraformBlock;
  };
  return stack.terraform;
}

interface TerraformBlock {
  readonly required_providers?: Readonly<Record<string, { readonly source: string }>>;
}

const digest = (parts: readonly unknown[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');
