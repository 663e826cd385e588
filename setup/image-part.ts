import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { readBuildOutput } from '../clients/docker/build-output.js';
import { follow } from '../clients/docker/follow-progress.js';
import { environmentError } from '../lib/errors.js';
import { getFromEngine, type SetupEngine } from './engine-get.js';
import { scratchDirectory } from './exclusive.js';
import { archiveFile, loadArchive, writeArchive } from './image-archive.js';
import type { ChooseBase } from './image-base.js';
import {
  type ImageInputs,
  INPUTS_LABEL,
  readImageInputs,
  stageImageInputs,
} from './image-inputs.js';
import type { ImageSpec } from './image-spec.js';
import { missing, type Part, type Progress, right, type SetupContext } from './part.js';

const CHECK_TIMEOUT_MS = 10_000;

/**
 * A bundled image in the engine, made from exactly the files of this checkout: loaded from the
 * cache or built.
 */
export function imagePart(
  spec: ImageSpec,
  context: SetupContext,
  engine: SetupEngine,
  chooseBase: ChooseBase,
): Part {
  return {
    name: 'image',
    needs: ['engine'],
    async check() {
      const path = `/images/${spec.tag}/json`;
      const [inputs, image] = await Promise.all([
        readImageInputs(spec),
        getFromEngine(path, engine, CHECK_TIMEOUT_MS),
      ]);
      if (image === undefined) return missing(`the engine has no ${spec.tag}`);
      if (inputsLabel(image) !== inputs.hash)
        return missing(`${spec.tag} was made from other files`);
      return existsSync(archiveFile(context.cacheDir, spec.name, inputs.hash))
        ? right(`${spec.tag} is up to date`)
        : missing(`${spec.tag} is not in the cache yet`);
    },
    async make(progress) {
      const inputs = await readImageInputs(spec);
      const docker = await engine.client();
      const before = await inspect(docker, spec.tag);
      const how = await loadOrBuild(spec, inputs, context, docker, chooseBase, progress);
      const after = await inspect(docker, spec.tag);
      if (before !== undefined && before.id !== after?.id) await dropUnused(docker, before.id);
      return `${spec.tag} ${how} (${Math.round((after?.size ?? 0) / 1e6)} MB)`;
    },
  };
}

async function loadOrBuild(
  spec: ImageSpec,
  inputs: ImageInputs,
  context: SetupContext,
  docker: Docker,
  chooseBase: ChooseBase,
  progress: Progress,
): Promise<string> {
  const { cacheDir } = context;
  const archive = async () =>
    writeArchive(cacheDir, spec.name, inputs.hash, await docker.getImage(spec.tag).get());
  // An earlier run was interrupted between the two.
  if ((await inspect(docker, spec.tag))?.inputs === inputs.hash) {
    await archive();
    return 'kept in the cache';
  }
  if (await loadArchive(docker, archiveFile(cacheDir, spec.name, inputs.hash))) {
    return 'loaded from the cache';
  }
  const base = await chooseBase(docker, inputs.publicBase, progress, spec.madeBase);
  progress.step(`building on ${base}`);
  await build(spec, inputs, base, context, docker, progress);
  await archive();
  return `built on ${base}`;
}

async function build(
  spec: ImageSpec,
  inputs: ImageInputs,
  base: string,
  { cacheDir }: SetupContext,
  docker: Docker,
  progress: Progress,
): Promise<void> {
  await mkdir(scratchDirectory(cacheDir), { recursive: true, mode: 0o700 });
  const context = await mkdtemp(join(scratchDirectory(cacheDir), `${spec.name}-`));
  await stageImageInputs(inputs, context);
  const output = readBuildOutput();
  try {
    const stream = await docker.buildImage(
      { context, src: [...inputs.files.keys()] },
      {
        t: spec.tag,
        buildargs: { BASE: base },
        labels: { [INPUTS_LABEL]: inputs.hash },
        rm: true,
        forcerm: true,
      },
    );
    await follow(docker, stream, (line) => {
      progress.output(line);
      output.add(line);
    });
  } catch (cause) {
    throw buildFailure(spec.tag, cause, output.tail());
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

function buildFailure(tag: string, cause: unknown, tail: readonly string[]) {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return environmentError('image-build-failed', {
    path: tag,
    message: [`the image cannot be built: ${reason}`, ...tail.map((l) => `  | ${l}`)].join('\n'),
    hint: 'Check whether containers reach the package mirrors: scripts/setup --verbose shows all output.',
    cause,
  });
}

const inputsLabel = (image: unknown) =>
  (image as Partial<Docker.ImageInspectInfo>).Config?.Labels?.[INPUTS_LABEL];

async function inspect(docker: Docker, image: string) {
  try {
    const info = await docker.getImage(image).inspect();
    return { id: info.Id, size: info.Size, inputs: inputsLabel(info) };
  } catch {
    return undefined;
  }
}

/** The engine refuses while a container uses the image; then the image stays. */
async function dropUnused(docker: Docker, id: string): Promise<void> {
  await docker
    .getImage(id)
    .remove()
    .catch(() => {});
}
