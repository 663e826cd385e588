import { randomBytes } from 'node:crypto';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { removeContainer } from '../../clients/docker/remove-container.js';
import { appRepository } from '../../cluster/objects/app-image.js';
import { engine } from './engine-traces.js';
import { temporaryDirectory } from './temporary-directory.js';

/** Files by path: a text, a program, or a link. */
export type Files = Readonly<Record<string, string | { program: string } | { link: string }>>;

/** Writes files to a directory, in the given order. */
export async function writeFiles(directory: string, files: Files): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    if (typeof content === 'string') await writeFile(file, content);
    else if ('link' in content) await symlink(content.link, file);
    else {
      await writeFile(file, content.program);
      await chmod(file, 0o755);
    }
  }
  return directory;
}

/** A directory with these files, gone when the running test ends. */
export const directoryWith = async (files: Files): Promise<string> =>
  writeFiles(await temporaryDirectory(), files);

/** A cluster's name for images that are gone when the running test ends, with their containers. */
export function imagesOfTest(): string {
  const cluster = `ck-test-${randomBytes(4).toString('hex')}`;
  onTestFinished(() => removeImages(cluster));
  return cluster;
}

/** Untagged images with the label `of` of a test, which builds left behind. */
export async function danglingImages(of: string): Promise<string[]> {
  const filters = { dangling: ['true'], label: [`of=${of}`] };
  const images = await engine.listImages({ filters });
  return images.map(({ Id }) => Id).sort();
}

/** What a command writes in a container of an image. */
export async function outputOf(image: string, ...command: string[]): Promise<string> {
  const container = await engine.createContainer({ Image: image, Cmd: command, Tty: true });
  try {
    await container.start();
    await container.wait();
    const text = await container.logs({ stdout: true, stderr: true });
    return String(text).replaceAll('\r', '').trim();
  } finally {
    await removeContainer(engine, container.id);
  }
}

/** References of the images of a test's applications, sorted. */
export async function referencesOf(cluster: string): Promise<string[]> {
  const images = await engine.listImages();
  return images
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .filter((reference) => reference.startsWith(appRepository(cluster, '')))
    .sort();
}

async function removeImages(cluster: string): Promise<void> {
  for (const reference of await referencesOf(cluster)) {
    const of = await engine.listContainers({ all: true, filters: { ancestor: [reference] } });
    for (const { Id } of of) await removeContainer(engine, Id);
    await engine.getImage(reference).remove({ force: true });
  }
}
