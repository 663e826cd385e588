import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageSpec } from './image-spec.js';

/** All inputs of an image, read. */
export interface ImageInputs {
  readonly files: ReadonlyMap<string, Buffer>;
  /** Hash of all inputs; 16 hexadecimal digits. */
  readonly hash: string;
  /** The default of `ARG BASE` in the Dockerfile. */
  readonly publicBase: string;
}

/** Label of an image with the {@link ImageInputs.hash} of its inputs. */
export const INPUTS_LABEL = 'dev.clusterkit.inputs';

/** Reads the files of an image. */
export async function readImageInputs(spec: ImageSpec): Promise<ImageInputs> {
  const names = Object.keys(spec.files).sort();
  const files = new Map<string, Buffer>();
  for (const name of names) files.set(name, await readFile(spec.files[name] ?? name));
  const hash = createHash('sha256').update(spec.tag);
  for (const [name, content] of files)
    hash.update(`\0${name}\0${content.length}\0`).update(content);
  return { files, hash: hash.digest('hex').slice(0, 16), publicBase: publicBaseOf(files) };
}

function publicBaseOf(files: ReadonlyMap<string, Buffer>): string {
  const dockerfile = files.get('Dockerfile')?.toString('utf8') ?? '';
  const base = /^ARG BASE=(\S+)$/m.exec(dockerfile)?.[1];
  if (base === undefined) throw new TypeError('a bundled Dockerfile has no `ARG BASE=…`');
  return base;
}

/**
 * Writes the inputs to an empty directory, with modes that do not depend on the checkout's umask.
 */
export async function stageImageInputs(inputs: ImageInputs, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const [name, content] of inputs.files) {
    const path = join(directory, name);
    await writeFile(path, content);
    await chmod(path, name.endsWith('.sh') ? 0o755 : 0o644);
  }
}
