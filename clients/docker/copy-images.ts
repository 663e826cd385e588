import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { EXIT, environmentError, KitError } from '../../lib/errors.js';
import { type Engine, statusOf } from './connect.js';
import { follow } from './follow-progress.js';
import { stacksOn, surplusEntries, withoutEntries } from './thin-archive.js';

/** Input of {@link copyImages}. */
export interface ImageCopy {
  readonly references: readonly string[];
  readonly from: Engine;
  readonly to: Engine;
  /** Name of the destination, for messages. */
  readonly destination: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Copies images from one engine to another, as `docker save` and `docker load` do, compressed.
 * Sends all missing images as one archive, so that shared layers are sent once, without the layers that the
 * destination has. The source must have the images.
 *
 * @throws KitError (exit 3) `image-architecture`, `image-not-copied`
 */
export async function copyImages(copy: ImageCopy) {
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
    const why = cause instanceof Error ? cause.message : cause;
    const problems = copied.map((path) => ({
      path,
      message: `the image was not copied to ${destination}: ${why}`,
      hint: 'Is there room on its disk? Run the command again: it continues with the missing images.',
    }));
    throw new KitError('image-not-copied', EXIT.environment, problems, { cause });
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
 * Faster than most uplinks; the levels above it gain 2 % for twice the time. Every engine supports
 * gzip; zstd is missing in some of them and in Node.js.
 */
const LEVEL = 4;

async function send(copy: ImageCopy, names: readonly string[]): Promise<number> {
  const { from, to, signal } = copy;
  const stacks = await stacksOn(to);
  const images = await Promise.all(names.map((name) => from.getImage(name).inspect()));
  const isShared = images.some(({ RootFS }) => stacks.has(RootFS.Layers?.[0] ?? ''));
  // An archive names its layers at its end: the first reading finds out which are of no use.
  const surplus = isShared ? await surplusEntries(await archiveOf(from, names), stacks) : NOTHING;
  try {
    return await sendWithout(copy, names, surplus);
  } catch (error) {
    signal?.throwIfAborted();
    // An image was removed there in the meantime.
    if (surplus.size === 0 || !isLayerMissing(error)) throw error;
    return sendWithout(copy, names, NOTHING);
  }
}

const NOTHING: ReadonlySet<string> = new Set();

const isLayerMissing = (error: unknown) =>
  error instanceof Error && /no such file|not found/i.test(error.message);

async function sendWithout(
  { from, to, signal }: ImageCopy,
  names: readonly string[],
  surplus: ReadonlySet<string>,
): Promise<number> {
  let bytes = 0;
  const wire = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const archive = await archiveOf(from, names);
  const source = surplus.size === 0 ? archive : withoutEntries(archive, surplus);
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
  // The receiver's error is the reason; the broken stream only follows from it.
  if (load.status === 'rejected') throw load.reason;
  if (read.status === 'rejected') throw read.reason;
  return bytes;
}

/** dockerode's types lack this call. */
const archiveOf = (engine: Engine, names: readonly string[]) =>
  (engine as Engine & Archiving).getImages({ names });

interface Archiving {
  getImages(options: { readonly names: readonly string[] }): Promise<NodeJS.ReadableStream>;
}

/** Ids differ between kinds of image stores; layers and creation time do not. */
function identityOf({
  RootFS,
  Created,
}: {
  RootFS: { Layers?: string[] | undefined };
  Created: string;
}): string {
  return `${RootFS.Layers?.join()} ${new Date(Created).getTime()}`;
}
