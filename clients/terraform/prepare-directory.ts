import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Provider sources are relative: Terraform and OpenTofu each prepend their own host. */
const HOSTS = ['registry.terraform.io', 'registry.opentofu.org'] as const;

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

/**
 * Links a built provider into the working directory (`terraform.d/plugins`, where Terraform looks
 * by itself), so that it works without options, variables or files of the user.
 */
export async function linkProvider(directory: string, built: BuiltProvider): Promise<void> {
  const plugins = join(directory, 'terraform.d', 'plugins');
  await rm(plugins, { recursive: true, force: true });
  for (const host of HOSTS) {
    const parent = join(plugins, host, built.source, built.version);
    await mkdir(parent, { recursive: true, mode: 0o700 });
    await symlink(built.directory, join(parent, built.platform));
  }
}

/**
 * Writes the dependency lock file that `terraform providers lock` would write from the registry;
 * `cdktf` runs that command when there is no lock file.
 */
export async function lockProvider(
  directory: string,
  built: BuiltProvider,
  constraint: string,
): Promise<void> {
  const path = join(directory, '.terraform.lock.hcl');
  if (existsSync(path)) return;
  const hash = await packageHash(built.directory);
  const blocks = HOSTS.map((host) =>
    [
      `provider "${host}/${built.source}" {`,
      `  version     = "${built.version}"`,
      `  constraints = "${constraint}"`,
      `  hashes      = ["${hash}"]`,
      '}',
      '',
    ].join('\n'),
  );
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(path, blocks.join('\n'), { mode: 0o600 });
}

/** Terraform's `h1:` hash of a provider package: over the sorted list of file hashes and names. */
export async function packageHash(directory: string): Promise<string> {
  const names = (await readdir(directory)).sort();
  const summary = createHash('sha256');
  for (const name of names) {
    const sum = createHash('sha256')
      .update(await readFile(join(directory, name)))
      .digest('hex');
    summary.update(`${sum}  ${name}\n`);
  }
  return `h1:${summary.digest('base64')}`;
}
