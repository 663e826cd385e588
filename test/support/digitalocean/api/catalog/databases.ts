import { REGIONS } from './regions.js';

/** Kinds of managed databases that the fake knows. */
export type DatabaseEngine = 'pg' | 'mysql';

/** What there is of one kind. */
export interface EngineOptions {
  readonly regions: readonly string[];
  readonly versions: readonly string[];
  readonly default_version: string;
  readonly layouts: readonly { readonly num_nodes: number; readonly sizes: readonly string[] }[];
}

/** `nyc2` and `sfo1` have none. */
const regions = REGIONS.map(({ slug }) => slug).filter((slug) => !['nyc2', 'sfo1'].includes(slug));
const SIZES = ['db-s-1vcpu-1gb', 'db-s-1vcpu-2gb', 'db-s-2vcpu-4gb', 'db-s-4vcpu-8gb'];
const layouts = [
  { num_nodes: 1, sizes: SIZES },
  { num_nodes: 2, sizes: SIZES.slice(1) },
  { num_nodes: 3, sizes: SIZES.slice(1) },
];

/** As `GET /v2/databases/options` gives them; the smallest size has no standby. */
export const DATABASE_OPTIONS: Readonly<Record<DatabaseEngine, EngineOptions>> = {
  pg: { regions, versions: ['14', '15', '16', '17'], default_version: '17', layouts },
  mysql: { regions, versions: ['8'], default_version: '8', layouts },
};
