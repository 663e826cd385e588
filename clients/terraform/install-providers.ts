import { createHash } from 'node:crypto';
import {
  lstat,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../../lib/errors.js';
import { makeDirectory } from '../../lib/make-directory.js';
import { terraformFailure } from './failure.js';
import { type BuiltProvider, linkProvider } from './link-provider.js';
import { packagesIn } from './packages.js';
import { runTerraform, type TerraformRun } from './run-terraform.js';

/** `terraform.required_providers` of a stack. */
export type RequiredProviders = Readonly<
  Record<string, { readonly source: string; readonly version?: string }>
>;

/** Providers that are ready for Terraform. */
export interface InstalledProviders {
  /** In the layout of a file system mirror, so that `-plugin-dir` takes it. */
  readonly directory: string;
  /** The text of a lock file for exactly these. */
  readonly lock: string;
}

/**
 * Installs the providers of a stack once for all clusters of this user, in the cache: nothing in a project can plant
 * one there. Terraform fetches them as the user's configuration says, mirrors included; a provider that setup built
 * needs none of that.
 *
 * @throws KitError `terraform-init-failed`, `disk-full` (exit 3)
 */
export async function installProviders(
  { binary, env, signal }: Pick<TerraformRun, 'binary' | 'env' | 'signal'>,
  required: RequiredProviders,
  cacheDir: string,
  built: BuiltProvider | undefined,
): Promise<InstalledProviders> {
  const key = createHash('sha256').update(
    JSON.stringify([required, binary, built?.directory ?? '']),
  );
  const place = join(cacheDir, 'terraform', key.digest('hex').slice(0, 16));
  const there = await readInstalled(place);
  if (there !== undefined) return there;
  await makeDirectory(join(cacheDir, 'terraform'));
  const scratch = await mkdtemp(`${place}-`);
  try {
    const stack = JSON.stringify({ terraform: { required_providers: required } });
    await writeFile(join(scratch, 'main.tf.json'), stack, { mode: 0o600 });
    if (built !== undefined) await linkProvider(scratch, built);
    const isBuilt = Object.values(required).every(({ source }) => source === built?.source);
    const run: TerraformRun = {
      binary,
      env,
      directory: scratch,
      dataDir: join(scratch, '.terraform'),
      asUser: !isBuilt,
      ...(signal && { signal }),
    };
    const result = await runTerraform(['init', '-input=false', '-no-color'], run);
    if (result.exitCode !== 0) {
      throw await terraformFailure('init', result, run, {
        code: 'terraform-init-failed',
        hint: 'If a provider could not be downloaded: run scripts/setup.',
      });
    }
    await resolveLinks(join(scratch, '.terraform', 'providers'));
    await putInPlace(scratch, place);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  const installed = await readInstalled(place);
  if (installed === undefined) throw new Error(`terraform init left no provider in ${place}`);
  return installed;
}

/** Terraform links to packages by way of the scratch directory, which gets another name. */
async function resolveLinks(directory: string): Promise<void> {
  for (const path of await packagesIn(directory)) {
    const link = join(directory, path);
    if (!(await lstat(link)).isSymbolicLink()) continue;
    const target = await realpath(link);
    await rm(link);
    await symlink(target, link);
  }
}

/** Another process may have put the same there, which then stays. */
async function putInPlace(scratch: string, place: string): Promise<void> {
  if ((await readInstalled(place)) !== undefined) return;
  await rm(place, { recursive: true, force: true });
  await rename(scratch, place).catch((error: unknown) => {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  });
}

/** `undefined` unless all of it is there: a mirror that a link leads to may have been removed. */
async function readInstalled(place: string): Promise<InstalledProviders | undefined> {
  const directory = join(place, '.terraform', 'providers');
  const stack = await readFile(join(place, 'main.tf.json'), 'utf8').catch(() => undefined);
  if (stack === undefined) return undefined;
  const lock = await readFile(join(place, '.terraform.lock.hcl'), 'utf8').catch(() => '');
  const packages = await packagesIn(directory);
  const contents = await Promise.all(
    packages.map((path) => readdir(join(directory, path)).catch(() => [])),
  );
  const { terraform } = JSON.parse(stack) as { terraform: { required_providers: object } };
  const wanted = Object.keys(terraform.required_providers ?? {}).length;
  const isWhole = packages.length >= wanted && contents.every((files) => files.length > 0);
  return isWhole ? { directory, lock } : undefined;
}
