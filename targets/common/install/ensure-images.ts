import type { Engine } from '../../../clients/docker/connect.js';
import { copyImages } from '../../../clients/docker/copy-images.js';
import { findImage, pullImage, requirePullable } from '../../../clients/docker/find-image.js';
import { openEngine } from '../../../clients/docker/open-engine.js';

/** An image that a machine needs, and how it gets there. */
export interface NeededImage {
  readonly reference: string;
  readonly transport: 'pull' | 'push';
}

/** Result of {@link ensureImages}. */
export interface EnsuredImage {
  /** Id on the machine. */
  readonly id: string;
  readonly outcome: 'already so' | 'pulled' | 'copied';
}

/**
 * Ensures that a machine has these images: it pulls them, or gets them from this machine's engine, which is
 * used only then. Returns them in order, and the number of compressed bytes sent from here.
 *
 * @throws KitError (exit 3) `image-missing`, `image-not-copied`, `image-architecture`, and those of `openEngine`
 */
export async function ensureImages(
  engine: Engine,
  needed: readonly NeededImage[],
  destination: string,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<{ readonly images: readonly EnsuredImage[]; readonly bytes: number }> {
  const pulled: string[] = [];
  for (const reference of referencesOf(needed, 'pull')) {
    if (await pullMissing(engine, reference, env, signal)) pulled.push(reference);
  }
  const references = referencesOf(needed, 'push');
  const { copied, bytes } =
    references.length === 0
      ? { copied: [], bytes: 0 }
      : await push(engine, references, destination, env, signal);
  const images = needed.map(async ({ reference }): Promise<EnsuredImage> => {
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
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
) {
  const local = await openEngine(env);
  for (const reference of references) await pullMissing(local, reference, env, signal);
  return copyImages({ references, from: local, to: engine, destination, signal });
}

const referencesOf = (needed: readonly NeededImage[], transport: NeededImage['transport']) =>
  needed.filter((image) => image.transport === transport).map(({ reference }) => reference);

async function pullMissing(
  engine: Engine,
  reference: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if ((await findImage(engine, reference)) !== undefined) return false;
  requirePullable([reference]);
  await pullImage(engine, { reference, env, ...(signal && { signal }) });
  return true;
}
