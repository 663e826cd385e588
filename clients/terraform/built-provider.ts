import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuiltProvider } from './link-provider.js';

/** The Docker provider: address and versions that the stacks are tested with. */
export const DOCKER_PROVIDER = {
  source: 'kreuzwerker/docker',
  /** The bindings require exactly 3.6.2; newer engines need newer providers. */
  versions: '>= 3.6.2, < 5.0.0',
} as const;

/** The DigitalOcean provider: address and versions that the stacks are made for. */
export const DIGITALOCEAN_PROVIDER = {
  source: 'digitalocean/digitalocean',
  versions: '>= 2.71.0, < 3.0.0',
} as const;

/**
 * The Docker provider that setup built because the registry was unreachable; `undefined`: Terraform
 * downloads it.
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

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

/** Go's name of a platform, such as `linux_amd64`, which provider packages use. */
export const providerPlatform = (platform: NodeJS.Platform, arch: string) =>
  `${platform === 'win32' ? 'windows' : platform}_${ARCHITECTURES[arch] ?? arch}`;
