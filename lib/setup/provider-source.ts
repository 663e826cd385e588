import { join } from 'node:path';

/**
 * The Docker provider that setup builds where Terraform's registry cannot be reached. Revision and
 * checksums are pinned in `provider/go.mod` and `provider/go.sum`; the Go module proxy has this one
 * only, and its own README calls it 4.6.0.
 */
export const PROVIDER = {
  source: 'registry.terraform.io/kreuzwerker/docker',
  version: '4.6.0',
  /** What the module calls itself in its `go.mod`. */
  goPackage: 'github.com/terraform-providers/terraform-provider-docker',
} as const;

/** Terraform's name of a platform, such as `linux_amd64`. */
export function providerPlatform(platform: NodeJS.Platform, arch: string): string {
  const cpu = { x64: 'amd64', ia32: '386' }[arch] ?? arch;
  return `${platform === 'win32' ? 'windows' : platform}_${cpu}`;
}

/**
 * The directory of the built provider, in the layout of Terraform's file system mirrors, below
 * {@link mirrorRoot}.
 */
export const builtProvider = (cacheDir: string, platform: string) => {
  const directory = join(mirrorRoot(cacheDir), PROVIDER.source, PROVIDER.version, platform);
  return { directory, program: join(directory, `terraform-provider-docker_v${PROVIDER.version}`) };
};

/** Root of the file system mirror. */
export const mirrorRoot = (cacheDir: string) => join(cacheDir, 'providers');
