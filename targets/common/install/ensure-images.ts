import { connectEngine, type Engine } from '../../../clients/docker/connect.js';
import { copyImages } from '../../../clients/docker/copy-images.js';
import { findImage, pullImage, requirePullable } from '../../../clients/docker/find-image.js';

/** An image that a droplet needs, and how it gets it. */
export interface ImageWish {
  readonly reference: string;
  readonly transport: 'pull' | 'push';
}

/** What {@link ensureImages} found and did. */
export interface EnsuredImage {
  /** On the droplet. */
  readonly id: string;
  readonly outcome: 'already so' | 'pulled' | 'copied';
}

/**
 * The droplet has these images: pulled by itself, or from the engine of this machine, which is asked
 * only then. Gives them in their order, and how many bytes went from here, compressed.
 *
 * @throws KitError (exit 3) `image-missing`, `image-not-copied`, `image-architecture`, `engine-unreachable`
 */
export async function ensureImages(
  engine: Engine,
  wishes: readonly ImageWish[],
  destination: string,
  signal?: AbortSignal,
): Promise<{ readonly images: readonly EnsuredImage[]; readonly bytes: number }> {
  const pulled: string[] = [];
  for (const reference of referencesOf(wishes, 'pull')) {
    if (await pullMissing(engine, reference, signal)) pulled.push(reference);
  }
  const references = referencesOf(wishes, 'push');
  const { copied, bytes } =
    references.length === 0
      ? { copied: [], bytes: 0 }
      : await push(engine, references, destination, signal);
  const images = wishes.map(async ({ reference }): Promise<EnsuredImage> => {
    const { Id } = await engine.getImage(reference).inspect();
    const outcome = pulled.includes(reference) ? 'pulled' : 'already so';
    return { id: Id, outcome: copied.includes(reference) ? 'copied' : outcome };
  });
  return { images: await Promise.all(images), bytes };
}

async function push(
  engine: Engine,
  references: readonly string[],
  destination: string,
  signal: AbortSignal | undefined,
) {
  const local = await connectEngine();
  for (const reference of references) await pullMissing(local, reference, signal);
  return copyImages({ references, from: local, to: engine, destination, signal });
}

const referencesOf = (wishes: readonly ImageWish[], transport: ImageWish['transport']) =>
  wishes.filter((wish) => wish.transport === transport).map(({ reference }) => reference);

async function pullMissing(
  engine: Engine,
  reference: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if ((await findImage(engine, reference)) !== undefined) return false;
  requirePullable([reference]);
  await pullImage(engine, { reference, ...(signal && { signal }) });
  return true;
}
