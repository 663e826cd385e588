import { type Problem, usageError } from '../../lib/errors.js';
import type { TerraformEvent } from './events.js';

/** Resources that hold data, or an address that others know. */
const GUARDED = {
  digitalocean_droplet: 'the droplet',
  digitalocean_volume: 'the volume with the data',
  digitalocean_reserved_ip: 'the reserved address',
} as const;

const HINT = 'Undo the change in clusters.yml, or add --allow-replace.';

/**
 * Refuses a plan that would replace or remove a droplet, a volume or a reserved address, unless
 * that is allowed. A resource that was never finished (Terraform calls it tainted) holds nothing
 * and may be replaced.
 *
 * @param events of `terraform plan -json`
 * @throws KitError `replacement-refused` (exit 2) naming each of them
 */
export function refuseReplacement(
  events: readonly TerraformEvent[],
  { cluster, isAllowed }: { readonly cluster: string; readonly isAllowed: boolean },
): void {
  if (isAllowed) return;
  const problems = events.flatMap((event) => lossOf(event, cluster));
  if (problems.length > 0) throw usageError('replacement-refused', problems);
}

function lossOf({ type, change }: TerraformEvent, cluster: string): Problem[] {
  if (type !== 'planned_change' || change === undefined) return [];
  const { action, reason, resource } = change;
  const kind = Object.keys(GUARDED).find((name) => resource.addr.startsWith(`${name}.`));
  if (kind === undefined || reason === 'tainted') return [];
  const what = GUARDED[kind as keyof typeof GUARDED];
  const path = `clusters.${cluster}`;
  if (action === 'replace') {
    return [
      { path, message: `${what} (${resource.addr}) would be replaced by a new one`, hint: HINT },
    ];
  }
  if (action === 'delete' || action === 'remove') {
    return [{ path, message: `${what} (${resource.addr}) would be removed`, hint: HINT }];
  }
  return [];
}
