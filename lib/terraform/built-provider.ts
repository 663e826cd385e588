import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuiltProvider } from './prepare-directory.js';

/** The Docker provider: address and versions that the stacks are tested with. */
export const DOCKER_PROVIDER = {
  source: 'kreuzwerker/docker',
  /** The bindings alone ask for exactly 3.6.2; newer engines want newer providers. */
  versions: '>= 3.6.2, < 5.0.0',
} as const;

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Go's name of a platform: what provider packages are filed under. */
export const providerPlatform = (platform: NodeJS.Platform, arch: string) =>
  `${platform === 'win32' ? 'windows' : platform}_${ARCHITECTURES[arch] ?? arch}`;

/**
 * The Docker provider that setup built because its registry could not be reached, or `undefined`:
 * then Terraform gets it from the registry.
 */
export async function findBuiltProvider(
  cacheDir: string,
  platform: string,
): Promise<BuiltProvider | undefined> {
  const parent = join(cacheDir, 'providers', 'registry.terraform.io', DOCKER_PROVIDER.source);
  const versions = await readdir(parent).catch(() => []);
  const newestFirst = versions.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  for (const version of newestFirst) {
    const directory = join(parent, version, platform);
    const files = await readdir(directory).catch(() => []);
    if (files.length > 0) return { source: DOCKER_PROVIDER.source, version, platform, directory };
  }
  return undefined;
}
