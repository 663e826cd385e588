import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findBuiltProvider, providerPlatform } from '../../clients/terraform/built-provider.js';
import { terraformBlock } from '../../clients/terraform/initialize.js';
import { linkPackages } from '../../clients/terraform/link-provider.js';
import { lockForEveryHost } from '../../clients/terraform/lock-file.js';
import { findTerraform } from '../../clients/terraform/terraform-binary.js';
import { providerSources } from '../../clients/terraform/user-configuration.js';
import { KitError } from '../../lib/errors.js';
import { providersFor } from './workspace.js';

/** The user's side of a preparation. */
export interface CdktfUser {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly cacheDir: string;
  readonly signal: AbortSignal;
}

/**
 * Prepares the directory of a synthesized stack for `cdktf`, which runs `terraform init` there and, without a lock
 * file, `terraform providers lock`: that one asks the registry, whatever the user's configuration says of mirrors.
 * So the kit installs providers that it built, or that come from a mirror, and writes the lock file. Any
 * other provider `cdktf` fetches from the registry itself.
 *
 * @returns why `cdktf` will fail for this stack, if that is known
 */
export async function prepareForCdktf(
  directory: string,
  { env, home, cacheDir, signal }: CdktfUser,
): Promise<string | undefined> {
  const { required_providers: required = {} } = await terraformBlock(directory);
  const sources = Object.values(required).map(({ source }) => source);
  const built = await findBuiltProvider(cacheDir, providerPlatform(process.platform, process.arch));
  const isBuilt = built !== undefined && sources.includes(built.source);
  const configured = await providerSources(env, home);
  if (!isBuilt && configured === undefined) return undefined;
  try {
    const binary = await findTerraform(env, cacheDir);
    const providers = await providersFor({ binary, env, signal, directory }, cacheDir);
    await linkPackages(directory, providers.directory);
    const lock = lockForEveryHost(providers.lock);
    await writeFile(join(directory, '.terraform.lock.hcl'), lock, { mode: 0o600 });
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    return error.message;
  }
  if (!isBuilt || configured === undefined) return undefined;
  return [
    `${configured} has provider_installation, so Terraform does not look where the kit put ${built.source}.`,
    'clusterkit up does not need it; for cdktf, add this block inside of provider_installation,',
    'and exclude the same from the others:',
    `  filesystem_mirror { path = ${JSON.stringify(join(cacheDir, 'providers'))} include = ["*/${built.source}"] }`,
  ].join('\n');
}
