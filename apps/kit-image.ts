import { isBundled } from '../cluster/bundled-images.js';
import { ensureImages } from '../targets/common/install/ensure-images.js';
import type { AppsHost } from './host.js';

/**
 * Ensures that the machine has one of the kit's own images: from this machine's engine, or from a registry.
 * @returns its id there
 * @throws KitError of `ensureImages` (exit 3)
 */
export async function ensureKitImage(
  { machine, place, context }: Pick<AppsHost, 'machine' | 'place' | 'context'>,
  reference: string,
): Promise<string> {
  const isPushed = place.engine === 'away' && isBundled(reference);
  const transport = isPushed ? 'push' : 'pull';
  const { images } = await ensureImages(
    machine.engine,
    [{ reference, transport }],
    machine.name,
    context.env,
    context.signal,
  );
  return images[0]?.id ?? reference;
}
