import { usageError } from '../../lib/errors.js';
import type { Generation } from '../../prisma/generation.js';
import { reservedName } from '../../prisma/service-names.js';

/**
 * Refuses names under which a server would deploy a service that nobody can reach.
 * @throws KitError `service-name-reserved` (exit 2)
 */
export function requireReachableNames(
  names: { readonly service: string; readonly stage: string },
  { version, generation }: { readonly version: string; readonly generation: Generation },
): void {
  const reserved = reservedName(names, generation);
  if (reserved === undefined) return;
  const { which, reason } = reserved;
  throw usageError('service-name-reserved', {
    path: which,
    message: `'${names[which]}' cannot be the ${which} on a server of version ${version}: ${reason}`,
    hint: `Choose another ${which} in prisma.yml. Nothing was deployed.`,
  });
}
