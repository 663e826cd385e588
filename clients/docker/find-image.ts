import { environmentError } from '../../lib/errors.js';
import { type Engine, statusOf } from './connect.js';
import { follow } from './follow-progress.js';

/** Id of an image in the engine, or `undefined`. */
export async function findImage(engine: Engine, reference: string): Promise<string | undefined> {
  try {
    return (await engine.getImage(reference).inspect()).Id;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** The default command of an image. */
export async function commandOf(engine: Engine, reference: string): Promise<string[]> {
  const { Entrypoint, Cmd } = (await engine.getImage(reference).inspect()).Config;
  return [Entrypoint ?? [], Cmd ?? []].flat();
}

/** Input of {@link pullImage}. */
export interface Pull {
  readonly reference: string;
  readonly signal?: AbortSignal;
}

/** Images that no registry has; `scripts/setup` builds them. */
const BUNDLED = /^clusterkit\//;

/** Fails for images that cannot be pulled. @throws KitError `image-missing` (exit 3) */
export function requirePullable(missing: readonly string[]): void {
  const bundled = missing.filter((reference) => BUNDLED.test(reference));
  if (bundled.length === 0) return;
  throw environmentError(
    'image-missing',
    bundled.map((path) => ({
      path,
      message: 'the engine does not have this bundled image',
      hint: 'Run scripts/setup, which builds it; or check its name and version.',
    })),
  );
}

/** Pulls an image from its registry. @throws KitError `image-missing` (exit 3) */
export async function pullImage(engine: Engine, { reference, signal }: Pull): Promise<void> {
  try {
    const stream = await engine.pull(reference, { ...(signal && { abortSignal: signal }) });
    await follow(engine, stream);
  } catch (cause) {
    signal?.throwIfAborted();
    throw environmentError('image-missing', {
      path: reference,
      message: `the engine does not have this image and cannot pull it: ${cause instanceof Error ? cause.message : cause}`,
      hint: 'Check its name, the network and the registry’s credentials, or load it into the engine.',
      cause,
    });
  }
}
