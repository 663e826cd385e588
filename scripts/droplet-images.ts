import { connectEngine, type Engine } from '../lib/engine/connect.js';
import { copyImage } from '../lib/engine/copy-image.js';
import { findImage, pullImage, requirePullable } from '../lib/engine/find-image.js';

/** An image that a droplet needs, and how it gets it. */
export interface ImageWish {
  readonly reference: string;
  readonly transport: 'pull' | 'push';
}

/**
 * The droplet has an image: pulled by itself, or from the engine of this machine, which is asked only
 * then. Gives its id there.
 *
 * @throws KitError (exit 3) `image-missing`, `image-not-copied`, `image-architecture`, `engine-unreachable`
 */
export async function ensureImage(
  engine: Engine,
  { reference, transport }: ImageWish,
  destination: string,
  signal?: AbortSignal,
): Promise<{ readonly id: string; readonly outcome: 'already so' | 'pulled' | 'copied' }> {
  const bring = async () => {
    if (transport === 'pull')
      return (await pullMissing(engine, reference, signal)) ? 'pulled' : 'already so';
    const local = await connectEngine();
    await pullMissing(local, reference, signal);
    return copyImage({ reference, from: local, to: engine, destination, signal });
  };
  const outcome = await bring();
  const { Id } = await engine.getImage(reference).inspect();
  return { id: Id, outcome };
}

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
