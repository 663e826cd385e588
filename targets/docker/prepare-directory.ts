import {
  DOCKER_PROVIDER,
  findBuiltProvider,
  providerPlatform,
} from '../../clients/terraform/built-provider.js';
import { linkProvider, lockProvider } from '../../clients/terraform/prepare-directory.js';

/** Prepares a stack's directory with the provider that setup built, without Terraform's registry. */
export async function prepareDirectory(directory: string, cacheDir: string): Promise<void> {
  const platform = providerPlatform(process.platform, process.arch);
  const built = await findBuiltProvider(cacheDir, platform);
  if (built === undefined) return;
  await linkProvider(directory, built);
  await lockProvider(directory, built, DOCKER_PROVIDER.versions);
}
