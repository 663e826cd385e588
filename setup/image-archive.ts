import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type Docker from 'dockerode';
import { follow } from '../clients/docker/follow-progress.js';
import { scratchDirectory } from './exclusive.js';

/** Images and their bases as compressed archives, for an engine that lost them. */
const directoryOf = (cacheDir: string) => join(cacheDir, 'images');

/** Versions of one image to keep, for checkouts of different age side by side. */
const KEPT = 2;

/** File of an archive; `hash` is the one of its inputs. */
export const archiveFile = (cacheDir: string, name: string, hash: string) =>
  join(directoryOf(cacheDir), `${name}-${hash}.tar.gz`);

/**
 * Writes a tar stream as an archive, complete or not at all, and removes older ones of that name.
 */
export async function writeArchive(
  cacheDir: string,
  name: string,
  hash: string,
  tar: NodeJS.ReadableStream,
): Promise<void> {
  const target = archiveFile(cacheDir, name, hash);
  const half = join(scratchDirectory(cacheDir), `${name}-${hash}.tar.gz`);
  await mkdir(dirname(half), { recursive: true, mode: 0o700 });
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  // The lightest level: three times as fast as the default, and a tenth larger.
  await pipeline(tar, createGzip({ level: 1 }), createWriteStream(half));
  await rename(half, target);
  await prune(cacheDir, name);
}

/** Loads an image's archive into the engine; `false` when there is no complete one. */
export async function loadArchive(docker: Docker, file: string): Promise<boolean> {
  if (!(await stat(file).catch(() => undefined))) return false;
  try {
    await follow(docker, await docker.loadImage(createReadStream(file)));
    return true;
  } catch {
    await rm(file, { force: true });
    return false;
  }
}

async function prune(cacheDir: string, name: string): Promise<void> {
  const ours = new RegExp(`^${name}-[0-9a-f]{16}\\.tar\\.gz$`);
  const paths = (await readdir(directoryOf(cacheDir)))
    .filter((file) => ours.test(file))
    .map((file) => join(directoryOf(cacheDir), file));
  const dated = await Promise.all(
    paths.map(async (path) => ({ path, mtimeMs: (await stat(path)).mtimeMs })),
  );
  dated.sort((a, b) => b.mtimeMs - a.mtimeMs);
  for (const { path } of dated.slice(KEPT)) await rm(path, { force: true });
}
