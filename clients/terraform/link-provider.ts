import { realpath, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDirectory } from '../../lib/make-directory.js';
import { packagesIn } from './packages.js';

/** Provider sources are relative: Terraform and OpenTofu each prepend their own host. */
export const HOSTS = ['registry.terraform.io', 'registry.opentofu.org'] as const;

/** A provider that was built on this machine because its registry is unreachable. */
export interface BuiltProvider {
  /** Such as `kreuzwerker/docker`. */
  readonly source: string;
  readonly version: string;
  /** Such as `linux_amd64`. */
  readonly platform: string;
  /** Directory with the executable. */
  readonly directory: string;
}

/** Links a built provider into a directory where Terraform or OpenTofu runs; see {@link linkPackages}. */
export const linkProvider = (directory: string, built: BuiltProvider): Promise<void> =>
  link(
    directory,
    HOSTS.map((host) => [join(host, built.source, built.version, built.platform), built.directory]),
  );

/**
 * Links the packages of a mirror into a directory where Terraform runs: into `terraform.d/plugins`, where Terraform
 * looks by itself unless the user's configuration says otherwise.
 */
export async function linkPackages(directory: string, mirror: string): Promise<void> {
  const packages = await packagesIn(mirror);
  const real = await Promise.all(packages.map((path) => realpath(join(mirror, path))));
  await link(
    directory,
    packages.map((path, i) => [path, real[i] ?? '']),
  );
}

/** Terraform follows links to packages, not to what is above them. */
async function link(directory: string, links: readonly (readonly [string, string])[]) {
  const plugins = join(directory, 'terraform.d', 'plugins');
  await rm(plugins, { recursive: true, force: true });
  for (const [path, target] of links) {
    await makeDirectory(dirname(join(plugins, path)));
    await symlink(target, join(plugins, path));
  }
}
