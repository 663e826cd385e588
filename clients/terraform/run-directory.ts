import { createHash } from 'node:crypto';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory } from '../../lib/make-directory.js';

/**
 * States that Terraform never reads by itself: one that it could write nowhere else, and those of workspaces, which
 * a `TF_WORKSPACE` once selected.
 */
const KEPT = ['errored.tfstate', 'terraform.tfstate.d'];

/**
 * Empties a directory where Terraform will run, so that it contains only what the kit writes next: Terraform reads
 * every `*.tf`, `*.tf.json`, `*.auto.tfvars`, lock file and `.terraform/` that it finds. The directory itself
 * stays, because the Terraform of a killed kit may still run in it. A link in its place is removed, not followed.
 */
export async function emptyRunDirectory(directory: string): Promise<void> {
  const found = await lstat(directory).catch(() => undefined);
  if (found !== undefined && !found.isDirectory()) await rm(directory, { force: true });
  await makeDirectory(directory);
  for (const name of await readdir(directory)) {
    if (!KEPT.includes(name)) await rm(join(directory, name), { recursive: true, force: true });
  }
}

/**
 * Terraform's own data (`TF_DATA_DIR`) for the cluster of a directory: in the user's cache, where nothing in a
 * project can plant a provider or a module.
 */
export const dataDirectory = (cacheDir: string, directory: string) =>
  join(
    cacheDir,
    'terraform',
    'runs',
    createHash('sha256').update(directory).digest('hex').slice(0, 16),
  );
