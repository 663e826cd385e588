import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join, relative } from 'node:path';
import { execa } from 'execa';
import { providerPlatform } from '../../../clients/terraform/built-provider.js';
import type { BuiltProvider } from '../../../clients/terraform/link-provider.js';
import { cacheDirectory } from '../../../cluster/project.js';
import { environmentError } from '../../../lib/errors.js';
import { withFileLock } from '../../../lib/file-lock.js';
import { findProgram } from '../../../lib/find-program.js';

/** Where its sources are, and the name under which Terraform asks for it. */
const SOURCES = join(import.meta.dirname, 'provider');
const SOURCE = 'digitalocean/digitalocean';
/** The release of the real provider whose schema it has. */
const VERSION = '2.71.0';
/** Counts up when what is made of the sources changes. */
const LAYOUT = 2;
const BUILD_TIMEOUT_MS = 10 * 60_000;

/**
 * Environment variable: seconds that replace each of the real provider's fixed 10 s before it looks
 * (`0`: none); its pauses between two looks shrink with it. Unset or `real`: as the real one.
 */
export const STAND_IN_DELAY = 'CLUSTERKIT_STANDIN_DELAY';

/**
 * Environment variable: the release of the real provider whose waits it has, {@link NEWEST_RELEASE} or
 * `2.71.0`. Unset: the latter, the oldest that the kit takes.
 */
export const STAND_IN_RELEASE = 'CLUSTERKIT_STANDIN_RELEASE';

/** The newest release whose waits the stand-in knows. */
export const NEWEST_RELEASE = '2.99.1';

/** The stand-in, as {@link BuiltProvider} for `linkProvider`. */
export interface StandInProvider extends BuiltProvider {
  /**
   * A filesystem mirror with nothing else in it, under the hosts of Terraform and of OpenTofu: for
   * `init -plugin-dir=…`, or `provider_installation { filesystem_mirror { path = … } }`.
   */
  readonly mirror: string;
}

/**
 * The stand-in for the Terraform provider digitalocean/digitalocean, built from `provider/` unless a
 * build of the same sources is in the cache. A build is never changed after it appeared.
 * @throws KitError `go-missing` (exit 3); the error of `go build`
 */
export async function standInProvider(
  env: NodeJS.ProcessEnv,
  home: string,
): Promise<StandInProvider> {
  const platform = providerPlatform(process.platform, process.arch);
  const parent = join(cacheDirectory(env, home), 'test', 'digitalocean-provider');
  const mirror = join(parent, await digest(platform));
  const directory = join(mirror, 'registry.terraform.io', SOURCE, VERSION, platform);
  const provider = { source: SOURCE, version: VERSION, platform, directory, mirror };
  if (await exists(mirror)) return provider;
  await mkdir(parent, { recursive: true, mode: 0o700 });
  await withFileLock(`${mirror}.lock`, lockRequest(), async () => {
    if (!(await exists(mirror))) await build(mirror, directory, env);
  });
  return provider;
}

async function build(mirror: string, directory: string, env: NodeJS.ProcessEnv) {
  const go = await findProgram('go', env);
  if (go === undefined) {
    throw environmentError('go-missing', {
      message: 'The stand-in provider is built with Go, and there is no `go` on the PATH.',
      hint: 'Install Go 1.25 or newer (https://go.dev/dl/).',
    });
  }
  const scratch = await mkdtemp(`${mirror}-`);
  try {
    const [module, made] = [join(scratch, 'module'), join(scratch, 'made')];
    await cp(SOURCES, module, { recursive: true });
    const place = join(made, directory.slice(mirror.length));
    const output = join(place, `terraform-provider-digitalocean_v${VERSION}`);
    await execa(go, ['build', '-trimpath', '-ldflags=-s -w', '-o', output, '.'], {
      cwd: module,
      env: { ...env, GOFLAGS: '-mod=readonly -buildvcs=false', GOWORK: 'off' },
      extendEnv: false,
      timeout: BUILD_TIMEOUT_MS,
    });
    // Terraform follows links to packages, not to what is above them.
    const twin = join(made, 'registry.opentofu.org', SOURCE, VERSION);
    await mkdir(twin, { recursive: true });
    await symlink(relative(twin, place), join(twin, basename(directory)));
    await rename(made, mirror);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function digest(platform: string): Promise<string> {
  const hash = createHash('sha256').update(`${VERSION} ${platform} ${LAYOUT}\n`);
  for (const name of (await readdir(SOURCES)).sort()) {
    hash.update(`${name}\n`).update(await readFile(join(SOURCES, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

const lockRequest = () => ({
  owner: { pid: process.pid, host: hostname(), command: 'a test' },
  subject: 'The stand-in provider',
  lockedCode: 'provider-locked',
  fileError: (path: string, doing: string, error: unknown) =>
    environmentError('provider-lock', {
      path,
      message: `cannot ${doing} it`,
      hint: '',
      cause: error,
    }),
  waitMs: BUILD_TIMEOUT_MS,
  now: () => new Date(),
});
