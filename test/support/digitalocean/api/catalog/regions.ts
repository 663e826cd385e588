/** A place where droplets run. */
export interface Region {
  readonly slug: string;
  readonly name: string;
  readonly available: boolean;
  readonly features: readonly string[];
}

const FEATURES = ['backups', 'ipv6', 'metadata', 'install_agent', 'image_transfer'];

const region = (slug: string, name: string, more: Partial<Region> = {}): Region => ({
  slug,
  name,
  available: true,
  features: [...FEATURES, 'storage'],
  ...more,
});

/** The regions of the account; `sfo1` takes no droplets, `nyc2` has no volumes. */
export const REGIONS: readonly Region[] = [
  region('nyc1', 'New York 1'),
  region('nyc2', 'New York 2', { features: FEATURES }),
  region('nyc3', 'New York 3'),
  region('sfo1', 'San Francisco 1', { available: false, features: FEATURES }),
  region('sfo2', 'San Francisco 2'),
  region('sfo3', 'San Francisco 3'),
  region('ams3', 'Amsterdam 3'),
  region('sgp1', 'Singapore 1'),
  region('lon1', 'London 1'),
  region('fra1', 'Frankfurt 1'),
  region('tor1', 'Toronto 1'),
  region('blr1', 'Bangalore 1'),
  region('syd1', 'Sydney 1'),
  region('atl1', 'Atlanta 1'),
];
