import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AbortError } from 'p-retry';
import {
  type BuildOutput,
  readBuildOutput,
  withoutColour,
} from '../../clients/docker/build-output.js';
import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { findImage } from '../../clients/docker/find-image.js';
import { follow } from '../../clients/docker/follow-progress.js';
import { authConfigOf } from '../../clients/docker/login/login.js';
import { registryLogin } from '../../clients/docker/login/registry-login.js';
import { KitError } from '../../lib/errors.js';
import { retryUntil } from '../../lib/retry-until.js';
import { baseImages } from './base-images.js';
import { buildFailure } from './build-failure.js';
import type { BuildContext } from './context.js';
import { contextTar } from './context-tar.js';
import { readable } from './list-files.js';
import { networkFiles, proxyArguments } from './network-access.js';

/** An engine ends the container of an interrupted step within seconds. */
const REMOVAL_MS = 15_000;

/** Input of {@link buildImage}. */
export interface ImageBuild {
  readonly context: BuildContext;
  /** Name and tag of the result. Stages before the last get it with `-stage-1` and so on: they are the cache. */
  readonly tag: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Finds logins to registries, proxies and certificate authorities; nothing of it stays in the image. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  /** Receives the output line by line. @default - nobody */
  readonly onLine?: ((line: string) => void) | undefined;
}

/**
 * Builds an image with the builder of the engine's API, which keeps the layers: what did not change is not built
 * again. A build that fails or is interrupted leaves nothing.
 *
 * @returns the image's id
 * @throws KitError (exit 3) `app-build-failed`, `image-missing`, `disk-full`, `registry-login-unusable`; (exit 2)
 * `app-build-needs-buildkit`, `app-context-unreadable`
 */
export async function buildImage(engine: Engine, build: ImageBuild): Promise<string> {
  const { context, tag, labels, env, signal, onLine } = build;
  signal?.throwIfAborted();
  const dockerfile = await dockerfileOf(context);
  const extra = context.generated.size > 0 ? await networkFiles(env) : new Map<string, string>();
  const before = await imagesNamed(engine, tag);
  const output = readBuildOutput();
  const ended = new AbortController();
  const tar = contextTar(context, extra);
  let broken: unknown;
  // The client does not notice that its source fails, and would wait.
  tar.on('error', (error) => {
    broken = error;
    ended.abort();
  });
  try {
    const answer = await engine.buildImage(tar, {
      t: tag,
      labels: { ...labels },
      rm: true,
      forcerm: true,
      buildargs: proxyArguments(env),
      registryconfig: await loginsFor(engine, baseImages(dockerfile), env),
      abortSignal: signal ? AbortSignal.any([signal, ended.signal]) : ended.signal,
    });
    await follow(engine, answer, (line) => {
      output.add(line);
      const shown = withoutColour(line);
      if (shown !== '') onLine?.(shown);
    });
    const { Id } = await engine.getImage(tag).inspect();
    await keepStages(engine, tag, output);
    await removeUntagged(engine, before);
    return Id;
  } catch (error) {
    tar.destroy();
    await removeUntagged(engine, [...output.stages()].reverse());
    signal?.throwIfAborted();
    const cause = broken ?? error;
    throw cause instanceof KitError && cause.code !== 'engine-refused'
      ? cause
      : buildFailure(context.directory, dockerfile, output, cause);
  }
}

async function dockerfileOf({ directory, generated }: BuildContext): Promise<string> {
  const path = join(directory, 'Dockerfile');
  return generated.get('Dockerfile') ?? readable(path, () => readFile(path, 'utf8'));
}

/** Logins for the bases that the engine must pull, in the form of its API. */
async function loginsFor(engine: Engine, images: readonly string[], env: NodeJS.ProcessEnv) {
  const logins: Record<string, ReturnType<typeof authConfigOf>> = {};
  for (const image of images) {
    if ((await findImage(engine, image)) !== undefined) continue;
    const login = await registryLogin(image, env);
    if (login !== undefined) logins[login.registry] = authConfigOf(login);
  }
  return logins;
}

/** Names the results of all stages but the last, so that they can be found and removed later. */
async function keepStages(engine: Engine, tag: string, output: BuildOutput): Promise<void> {
  const at = tag.lastIndexOf(':');
  const [repo, release] = [tag.slice(0, at), tag.slice(at + 1)];
  for (const [index, id] of output.stages().slice(0, -1).entries()) {
    await engine.getImage(id).tag({ repo, tag: `${release}-stage-${index + 1}` });
  }
}

/** Ids of the images with a tag, and of the stages before. */
async function imagesNamed(engine: Engine, tag: string): Promise<string[]> {
  const found = await engine.listImages({ filters: { reference: [tag, `${tag}-stage-*`] } });
  return found.map(({ Id }) => Id);
}

/** Removes images that have no name, with the layers that nothing else uses. */
async function removeUntagged(engine: Engine, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const found = await engine
      .getImage(id)
      .inspect()
      .catch(() => undefined);
    if (found === undefined || found.RepoTags?.length > 0) continue;
    await removeUnused(engine, id).catch(() => undefined);
  }
}

/** Waits for the container of an interrupted step, which the engine removes by itself. */
const removeUnused = (engine: Engine, id: string) =>
  retryUntil(
    async () => {
      try {
        await engine.getImage(id).remove();
      } catch (error) {
        if (statusOf(error) === 409 && /container/.test(String(error))) throw error;
        throw new AbortError(error as Error);
      }
    },
    { timeoutMs: REMOVAL_MS },
  );
