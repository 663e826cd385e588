import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { environmentError } from '../../lib/errors.js';
import { type Engine, statusOf } from './connect.js';
import { follow } from './follow-progress.js';

/** What {@link copyImages} takes. */
export interface ImageCopy {
  readonly references: readonly string[];
  readonly from: Engine;
  readonly to: Engine;
  /** For people: where they go. */
  readonly destination: string;
  readonly signal?: AbortSignal | undefined;
}

/** What {@link copyImages} did. */
export interface CopiedImages {
  /** References that were not there already. */
  readonly copied: readonly string[];
  /** Bytes that went over the wire, compressed. */
  readonly bytes: number;
}

/**
 * Brings images from one engine to another, as `docker save` and `docker load` do, compressed on the
 * way. All that are missing go as one archive: a layer that they share goes once. The engine that
 * they come from must have them.
 *
 * @throws KitError (exit 3) `image-architecture`, `image-not-copied`
 */
export async function copyImages(copy: ImageCopy): Promise<CopiedImages> {
  const { references, from, to, destination, signal } = copy;
  const copied: string[] = [];
  for (const reference of references) {
    const image = await from.getImage(reference).inspect();
    if (await isThere(to, reference, identityOf(image))) continue;
    const { Arch } = await to.version();
    if (image.Architecture !== Arch) {
      throw environmentError('image-architecture', {
        path: reference,
        message: `the image of this machine’s engine is for ${image.Architecture}, and ${destination} is ${Arch}`,
        hint: 'Use images: pull with an image that a registry has for both.',
      });
    }
    copied.push(reference);
  }
  if (copied.length === 0) return { copied, bytes: 0 };
  try {
    return { copied, bytes: await send(copy, copied) };
  } catch (cause) {
    signal?.throwIfAborted();
    throw environmentError(
      'image-not-copied',
      copied.map((path) => ({
        path,
        message: `the image did not get to ${destination}: ${cause instanceof Error ? cause.message : cause}`,
        hint: 'Is there room on its disk? Run the command again: it goes on with the images.',
      })),
      cause,
    );
  }
}

async function isThere(engine: Engine, reference: string, identity: string): Promise<boolean> {
  try {
    return identityOf(await engine.getImage(reference).inspect()) === identity;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

/**
 * Uplinks are slower than this level is, and the levels above it gain 2 % for twice the time.
 * Every engine takes gzip; zstd is neither in all of them nor in Node.
 */
const LEVEL = 4;

async function send({ from, to, signal }: ImageCopy, names: readonly string[]): Promise<number> {
  let bytes = 0;
  const wire = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const source = await archiveOf(from, names);
  const reading = pipeline(source, createGzip({ level: LEVEL, chunkSize: 65_536 }), wire, {
    ...(signal && { signal }),
    end: true,
  });
  const loading = to
    .loadImage(wire, {})
    .then((answer) => follow(to, answer))
    .catch((error: Error) => {
      wire.destroy(error);
      throw error;
    });
  const [load, read] = await Promise.allSettled([loading, reading]);
  // What the other side says is the reason; that its stream broke is the consequence.
  if (load.status === 'rejected') throw load.reason;
  if (read.status === 'rejected') throw read.reason;
  return bytes;
}

/** The types of dockerode do not know this call. */
const archiveOf = (engine: Engine, names: readonly string[]) =>
  (engine as Engine & Archiving).getImages({ names });

interface Archiving {
  getImages(options: { readonly names: readonly string[] }): Promise<NodeJS.ReadableStream>;
}

/** Ids differ between kinds of image stores; layers and the time of making do not. */
function identityOf({
  RootFS,
  Created,
}: {
  RootFS: { Layers?: string[] | undefined };
  Created: string;
}): string {
  return `${RootFS.Layers?.join()} ${new Date(Created).getTime()}`;
}
