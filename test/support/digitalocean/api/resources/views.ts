import { IMAGE_REGIONS, IMAGES, type Image } from '../catalog/images.js';
import { REGIONS } from '../catalog/regions.js';
import { SIZES, type Size } from '../catalog/sizes.js';
import type { Action } from '../state.js';

const IMAGES_SINCE = '2025-02-06T17:38:41Z';

/** A region with the sizes that it takes. */
export function regionView(slug: string) {
  const region = REGIONS.find((one) => one.slug === slug);
  if (!region) return null;
  const sizes = SIZES.filter(({ regions }) => regions.includes(slug)).map((size) => size.slug);
  return { ...region, sizes };
}

/** A size with its disks. */
export const sizeView = (size: Size) => ({
  ...size,
  disk_info: diskView(size.disk),
});

/** The disk of a size, or of a droplet. */
export const diskView = (gigabytes: number) => [
  { type: 'local', size: { amount: gigabytes, unit: 'gib' } },
];

/** A public image. */
export const imageView = ({ kind: _, ...image }: Image) => ({
  ...image,
  type: 'base',
  public: true,
  regions: IMAGE_REGIONS,
  created_at: IMAGES_SINCE,
  tags: [],
  status: 'available',
  error_message: '',
});

/** The image of that id or slug. */
export const imageOf = (idOrSlug: string | number): Image | undefined =>
  IMAGES.find(({ id, slug }) => slug === idOrSlug || String(id) === String(idOrSlug));

/** An action. */
export const actionView = (action: Action) => ({
  id: action.id,
  status: action.status,
  type: action.type,
  started_at: action.startedAt,
  completed_at: action.completedAt,
  resource_id: action.resourceId,
  resource_type: action.resourceType,
  region: regionView(action.region),
  region_slug: action.region,
});
