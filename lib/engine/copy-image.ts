import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { environmentError } from '../errors.js';
import { follow } from '../follow-progress.js';
import { type Engine, statusOf } from './connect.js';

/** What {@link copyImage} takes. */
export interface ImageCopy {
  readonly reference: string;
  readonly from: Engine;
  readonly to: Engine;
  /** For people: where it goes. */
  readonly destination: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings an image from one engine to another, as `docker save` and `docker load` do, compressed on
 * the way. The one that it comes from must have it.
 *
 * @throws KitError (exit 3) `image-architecture`, `image-not-copied`
 */
export async function copyImage(copy: ImageCopy): Promise<'already so' | 'copied'> {
  const { reference, from, to, destination, signal } = copy;
  const image = await from.getImage(reference).inspect();
  const there = await to
    .getImage(reference)
    .inspect()
    .catch((error) => {
      if (statusOf(error) === 404) return undefined;
      throw error;
    });
  if (there !== undefined && identityOf(there) === identityOf(image)) return 'already so';

  const { Arch } = await to.version();
  if (image.Architecture !== Arch) {
    throw environmentError('image-architecture', {
      path: reference,
      message: `the image of this machine’s engine is for ${image.Architecture}, and ${destination} is ${Arch}`,
      hint: 'Use images: pull with an image that a registry has for both.',
    });
  }
  try {
    await send(copy);
  } catch (cause) {
    signal?.throwIfAborted();
    throw environmentError(
      'image-not-copied',
      {
        path: reference,
        message: `the image did not get to ${destination}: ${cause instanceof Error ? cause.message : cause}`,
        hint: 'Is there room on its disk? Run the command again: it goes on where it stopped.',
      },
      cause,
    );
  }
  return 'copied';
}

async function send({ reference, from, to, signal }: ImageCopy): Promise<void> {
  const archive = createGzip({ level: 1 });
  const reading = pipeline(await from.getImage(reference).get(), archive, {
    ...(signal && { signal }),
    end: true,
  });
  const loading = to
    .loadImage(archive, {})
    .then((answer) => follow(to, answer))
    .catch((error: Error) => {
      archive.destroy(error);
      throw error;
    });
  const [load, read] = await Promise.allSettled([loading, reading]);
  // What the other side says is the reason; that its stream broke is the consequence.
  if (load.status === 'rejected') throw load.reason;
  if (read.status === 'rejected') throw read.reason;
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
