import type { Droplet, Size } from '../../../clients/digitalocean/answers.js';
import type { Problem } from '../../../lib/errors.js';
import type { DropletSettings } from '../settings.js';
import type { KitObject } from './kit-objects.js';

/**
 * Problems between a smaller size and the disk of the cluster's droplet, which cannot shrink. DigitalOcean
 * refuses that only after the droplet has been switched off for it.
 */
export function diskProblems(
  { name, region, size: wanted }: Pick<DropletSettings, 'name' | 'region' | 'size'>,
  {
    droplets,
    sizes,
  }: { droplets: readonly Droplet[] | undefined; sizes: readonly Size[] | undefined },
  own: readonly KitObject[],
): Problem[] {
  const size = sizes?.find(({ slug }) => slug === wanted);
  const ids = new Set(own.flatMap(({ kind, id }) => (kind === 'droplet' ? [id] : [])));
  return (droplets ?? []).flatMap((droplet): Problem[] => {
    const { disk } = droplet;
    // In another region it would be a new droplet.
    if (!ids.has(String(droplet.id)) || droplet.region !== region) return [];
    if (size === undefined || disk == null || size.disk >= disk) return [];
    const fitting = (sizes ?? [])
      .filter(
        ({ available, regions, ...one }) =>
          available && regions.includes(region) && one.disk >= disk,
      )
      .sort((a, b) => a.price_monthly - b.price_monthly)
      .slice(0, 3)
      .map(({ slug }) => slug);
    return [
      {
        path: `clusters.${name}.size`,
        message: `size '${wanted}' has a disk of ${size.disk} GB, the droplet ${droplet.name} has ${disk} GB, and disks cannot shrink`,
        hint: `Sizes that fit: ${fitting.join(', ') || 'none'}.`,
      },
    ];
  });
}
