import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type Docker from 'dockerode';
import { follow } from '../clients/docker/follow-progress.js';
import { environmentError } from '../lib/errors.js';
import { findProgram } from '../lib/find-program.js';
import { aptInstall, parseLinuxRelease, whyNoApt } from './apt.js';
import { debianSources, type SourcesFile } from './apt-sources.js';
import { scratchDirectory } from './exclusive.js';
import { archiveFile, writeArchive } from './image-archive.js';
import { INPUTS_LABEL } from './image-inputs.js';
import type { Progress, SetupContext } from './part.js';
import { runTool } from './run-tool.js';

const RELEASE = 'bookworm';
const TAG = `clusterkit/debian:${RELEASE}`;
const NAME = `debian-${RELEASE}`;
const LOCAL_CERTIFICATES = '/usr/local/share/ca-certificates';

const UNWANTED = [
  '/usr/share/man/*',
  '/usr/share/locale/*',
  '/usr/share/info/*',
  '/usr/share/doc/*',
];

const RECIPE = [
  '--variant=apt',
  // Without it Perl comes in, only to merge directories that this hook merges from the start.
  '--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr',
  '--include=usr-is-merged',
  ...UNWANTED.map((path) => `--dpkgopt=path-exclude=${path}`),
  '--dpkgopt=path-include=/usr/share/doc/*/copyright',
  '--aptopt=Apt::Install-Recommends "false"',
];

/**
 * Makes a small Debian from packages, for machines that cannot pull a public base image. Returns
 * its name in the engine. @throws KitError (exit 3)
 */
export async function debianBase(
  context: SetupContext,
  docker: Docker,
  progress: Progress,
): Promise<string> {
  const hash = createHash('sha256').update(RECIPE.join('\n')).digest('hex').slice(0, 16);
  const image = await docker
    .getImage(TAG)
    .inspect()
    .catch(() => undefined);
  if (image?.Config?.Labels?.[INPUTS_LABEL] === hash) return TAG;
  const archive = archiveFile(context.cacheDir, NAME, hash);
  if (!(await stat(archive).catch(() => undefined))) await bootstrap(context, hash, progress);
  const stream = await docker.importImage(createReadStream(archive), {
    repo: TAG.split(':')[0],
    tag: RELEASE,
    changes: `LABEL ${INPUTS_LABEL}=${hash}`,
  });
  await follow(docker, stream);
  return TAG;
}

async function bootstrap(context: SetupContext, hash: string, progress: Progress): Promise<void> {
  const sources = await sourcesOfThisMachine(context);
  if (!(await findProgram('mmdebstrap', context.env))) {
    progress.step('installing mmdebstrap');
    await aptInstall(['mmdebstrap'], context, progress);
  }
  progress.step(`making ${TAG} from Debian packages (half a minute, once)`);
  await mkdir(scratchDirectory(context.cacheDir), { recursive: true, mode: 0o700 });
  const scratch = await mkdtemp(join(scratchDirectory(context.cacheDir), 'debian-'));
  const tar = join(scratch, 'base.tar');
  await runTool({
    argv: [
      'mmdebstrap',
      ...RECIPE,
      ...(await certificateOptions(sources)),
      RELEASE,
      tar,
      ...sources,
    ],
    env: { ...context.env, TMPDIR: scratch },
    progress,
    lockFd: context.lockFd(),
    hint: 'Check whether this machine reaches its package mirrors: run `apt-get update`.',
  });
  await writeArchive(context.cacheDir, NAME, hash, createReadStream(tar));
  await rm(scratch, { recursive: true, force: true });
}

/**
 * This machine's lines of apt's sources, to make a Debian from.
 * @throws KitError `no-base-image` (exit 3) when it has none, or no way to get mmdebstrap
 */
export async function sourcesOfThisMachine(context: SetupContext): Promise<string[]> {
  const release = parseLinuxRelease(await readFile('/etc/os-release', 'utf8').catch(() => ''));
  const files = release.id === 'debian' ? await aptSourceFiles() : [];
  const sources = debianSources(files, release.codename, RELEASE);
  const why =
    (await findProgram('mmdebstrap', context.env)) === undefined
      ? await whyNoApt(context)
      : undefined;
  if (sources.length > 0 && why === undefined) return sources;
  throw environmentError('no-base-image', {
    message: `the base images cannot be pulled, and ${why ?? 'this machine has no Debian package sources'} to make one from`,
    hint: 'Let the Docker engine reach Docker Hub, or put debian:bookworm-slim and node:22-bookworm-slim into it with `docker load`.',
  });
}

async function aptSourceFiles(): Promise<SourcesFile[]> {
  const parts = await readdir('/etc/apt/sources.list.d').catch(() => []);
  const paths = [
    '/etc/apt/sources.list',
    ...parts.map((name) => `/etc/apt/sources.list.d/${name}`),
  ];
  return Promise.all(
    paths
      .filter((path) => /\.(list|sources)$/.test(path))
      .map(async (path) => ({
        name: basename(path),
        text: await readFile(path, 'utf8').catch(() => ''),
      })),
  );
}

/**
 * Options of mmdebstrap: mirrors over https need certificates inside, the machine's own included.
 */
export async function certificateOptions(sources: readonly string[]): Promise<string[]> {
  if (!sources.some((line) => line.includes(' https://'))) return [];
  const own = await readdir(LOCAL_CERTIFICATES).catch(() => []);
  return [
    '--include=ca-certificates',
    ...(own.length > 0 ? [`--customize-hook=copy-in ${LOCAL_CERTIFICATES} /usr/local/share`] : []),
    '--customize-hook=chroot "$1" update-ca-certificates',
  ];
}
