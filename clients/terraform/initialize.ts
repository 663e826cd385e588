import { createHash } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError } from '../../lib/errors.js';
import { runTerraform, type TerraformRun } from './run-terraform.js';

/**
 * Runs `terraform init`, unless its inputs are unchanged since the last run: the `terraform` block,
 * the binary, and the source of the provider.
 */
export async function initialize(run: TerraformRun, providerDirectory?: string): Promise<void> {
  const stamp = join(run.directory, '.terraform', 'clusterkit-init');
  const wanted = await inputsHash(run, providerDirectory);
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return;
  // A lock file from a run with another provider would make this one fail.
  const { exitCode, events, text } = await runTerraform(
    ['init', '-input=false', '-json', '-no-color', '-upgrade', '-reconfigure'],
    run,
  );
  if (exitCode !== 0) {
    const words = events.flatMap(({ diagnostic: d }) =>
      d ? [`${d.summary}: ${d.detail ?? ''}`] : [],
    );
    throw environmentError('terraform-init-failed', {
      path: run.directory,
      message: `terraform init failed: ${[...words, text].join('\n').trim()}`,
      hint: 'If a provider could not be downloaded: run scripts/setup.',
    });
  }
  // Terraform makes it readable for everybody, whatever the umask; not where a stack has no provider.
  const lock = join(run.directory, '.terraform.lock.hcl');
  await chmod(lock, 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await writeFile(stamp, wanted, { mode: 0o600 });
}

async function inputsHash({ binary, directory }: TerraformRun, providerDirectory = '') {
  const stack = JSON.parse(await readFile(join(directory, 'cdk.tf.json'), 'utf8')) as {
    terraform: unknown;
  };
  return createHash('sha256')
    .update(JSON.stringify([stack.terraform, binary, providerDirectory]))
    .digest('hex');
}
