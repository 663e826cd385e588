import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { follow } from '../../../../clients/docker/follow-progress.js';
import { cacheDirectory } from '../../../../cluster/project.js';
import { findProgram } from '../../../../lib/find-program.js';
import { aptInstall } from '../../../../setup/apt.js';
import { certificateOptions, sourcesOfThisMachine } from '../../../../setup/debian-base.js';
import { INPUTS_LABEL } from '../../../../setup/image-inputs.js';
import type { Progress, SetupContext } from '../../../../setup/part.js';
import { runTool } from '../../../../setup/run-tool.js';
import { IMAGE_CHANGES, RECIPE, RELEASE } from './image-recipe.js';

/** Name of the image that droplets run. */
export const DROPLET_IMAGE = 'clusterkit-test/droplet';

const QUIET: Progress = { step: () => {}, output: () => {} };
const digest = (...inputs: unknown[]) =>
  createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 16);
/** Of what is in the archive, and of what the image is made from. */
const CONTENT = digest(RELEASE, RECIPE);
const HASH = digest(CONTENT, IMAGE_CHANGES);

/** What the image is made with. */
export interface ImageWorld {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly progress: Progress;
}

/** This process's own. */
export const imageWorld = (): ImageWorld => ({
  env: process.env,
  home: homedir(),
  progress: QUIET,
});

/**
 * The image in the engine: found, imported from the cache, or made from Debian packages (two
 * minutes, once per recipe). Resolves with its name. @throws KitError (exit 3)
 */
export async function dropletImage(docker: Docker, world = imageWorld()): Promise<string> {
  const image = await docker
    .getImage(DROPLET_IMAGE)
    .inspect()
    .catch(() => undefined);
  if (image?.Config?.Labels?.[INPUTS_LABEL] === HASH) return DROPLET_IMAGE;
  const directory = join(cacheDirectory(world.env, world.home), 'images');
  const archive = join(directory, `droplet-${CONTENT}.tar.zst`);
  await requireTool('zstd', world);
  if (!(await stat(archive).catch(() => undefined))) await bootstrap(archive, directory, world);
  await importArchive(docker, archive);
  return DROPLET_IMAGE;
}

async function bootstrap(archive: string, directory: string, world: ImageWorld): Promise<void> {
  const setup = setupWorld(world);
  const sources = await sourcesOfThisMachine(setup);
  await requireTool('mmdebstrap', world);
  world.progress.step(`making ${DROPLET_IMAGE} from Debian packages (two minutes, once)`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const scratch = await mkdtemp(join(directory, '.droplet-'));
  try {
    const half = join(scratch, 'rootfs.tar.zst');
    const certificates = await certificateOptions(sources);
    await runTool({
      argv: ['mmdebstrap', ...RECIPE, ...certificates, RELEASE, half, ...sources],
      env: { ...world.env, TMPDIR: scratch },
      progress: world.progress,
      hint: 'Are the package mirrors of this machine reachable? See `apt-get update`.',
    });
    await rename(half, archive);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  // One recipe is in use at a time; an archive is 150 MB.
  for (const file of await readdir(directory)) {
    const path = join(directory, file);
    if (/^droplet-.*\.tar\.zst$/.test(file) && path !== archive) await rm(path, { force: true });
  }
}

async function importArchive(docker: Docker, archive: string): Promise<void> {
  const unpack = spawn('zstd', ['-dcq', archive], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(unpack, 'close');
  const changes = [...IMAGE_CHANGES, `LABEL ${INPUTS_LABEL}=${HASH}`];
  // The client's types know one change; the engine takes a list.
  const options = { repo: DROPLET_IMAGE, tag: 'latest', changes: changes as unknown as string };
  try {
    await follow(docker, await docker.importImage(unpack.stdout, options));
  } finally {
    unpack.stdout.destroy();
  }
  const [code] = await ended;
  if (code === 0) return;
  await rm(archive, { force: true });
  throw new Error(`${archive} was broken, and is gone: run this again`);
}

async function requireTool(name: string, world: ImageWorld): Promise<void> {
  if ((await findProgram(name, world.env)) === undefined) {
    await aptInstall([name], world, world.progress);
  }
}

const setupWorld = ({ env, home }: ImageWorld): SetupContext => ({
  root: '',
  version: '',
  cacheDir: cacheDirectory(env, home),
  env,
  platform: process.platform,
  arch: process.arch,
  isRoot: process.getuid?.() === 0,
  lockFd: () => undefined,
});
