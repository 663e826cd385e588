import { REGIONS } from './regions.js';

/** An image that droplets start from. `kind` is what the list is filtered by. */
export interface Image {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly distribution: string;
  readonly kind: 'distribution' | 'application';
  readonly min_disk_size: number;
  readonly size_gigabytes: number;
  readonly description: string;
}

type Row = readonly [
  id: number,
  slug: string,
  name: string,
  distribution: string,
  gigabytes: number,
  kind?: Image['kind'],
];

const ROWS: readonly Row[] = [
  [195_932_981, 'ubuntu-22-04-x64', '22.04 (LTS) x64', 'Ubuntu', 0.69],
  [195_932_993, 'ubuntu-24-04-x64', '24.04 (LTS) x64', 'Ubuntu', 0.6],
  [195_932_901, 'debian-12-x64', '12 x64', 'Debian', 0.5],
  [195_932_907, 'debian-13-x64', '13 x64', 'Debian', 0.42],
  [195_932_955, 'fedora-42-x64', '42 x64', 'Fedora', 0.46],
  [195_932_961, 'rockylinux-9-x64', '9 x64', 'Rocky Linux', 0.9],
  [195_932_973, 'almalinux-9-x64', '9 x64', 'AlmaLinux', 0.62],
  [188_240_311, 'docker-20-04', 'Docker on Ubuntu 22.04', 'Ubuntu', 1.9, 'application'],
];

/** The public images, distributions first. */
export const IMAGES: readonly Image[] = ROWS.map(
  ([id, slug, name, distribution, size, kind = 'distribution']) => ({
    id,
    slug,
    name,
    distribution,
    kind,
    min_disk_size: kind === 'distribution' ? 7 : 25,
    size_gigabytes: size,
    description: `${distribution} ${name}`,
  }),
);

/** Where public images are. */
export const IMAGE_REGIONS: readonly string[] = REGIONS.map(({ slug }) => slug);
