import {
  DATABASE_ENGINES,
  type Database,
  type DatabaseOptions,
} from '../../../clients/digitalocean/database-answers.js';
import type { Connector } from '../../../cluster/databases.js';
import type { ManagedDatabase } from '../../../cluster/settings/settings.js';
import type { Problem } from '../../../lib/errors.js';
import { unknownName } from '../../../lib/unknown-name.js';
import { accountName } from '../../../stacks/droplet/account-names.js';
import type { DropletSettings } from '../settings.js';
import type { KitObject } from './kit-objects.js';

type Wishes = Pick<DropletSettings, 'name' | 'region' | 'database'>;

/** Is there such a managed database in the region? What could not be read is not judged. */
export function offerProblems(
  { name, region, database: { connector, managed } }: Wishes,
  options: DatabaseOptions | null | undefined,
): Problem[] {
  if (managed === undefined || options == null) return [];
  const { regions, versions, layouts } = options[DATABASE_ENGINES[connector]];
  const path = `clusters.${name}`;
  const problems: Problem[] = [];
  if (!regions.includes(region)) {
    const hint = unknownName(region, regions, 'No region has them.');
    const message = `region '${region}' has no managed databases for ${connector}`;
    problems.push({ path: `${path}.region`, message, hint });
  }
  if (!versions.includes(managed.version)) {
    const hint = unknownName(managed.version, versions, 'There are none.');
    const message = `there is no managed database ${managed.version} for ${connector}`;
    problems.push({ path: `${path}.database.version`, message, hint });
  }
  const layout = layouts.find(({ num_nodes }) => num_nodes === managed.nodes);
  if (layout === undefined) {
    const counts = layouts.map(({ num_nodes }) => num_nodes).join(', ');
    const message = `there are no managed databases of ${managed.nodes} nodes for ${connector}`;
    problems.push({ path: `${path}.database.nodes`, message, hint: `Known: ${counts}.` });
  } else if (!layout.sizes.includes(managed.size)) {
    const hint = unknownName(managed.size, layout.sizes, 'There are none.');
    const message = `there is no size '${managed.size}' for ${managed.nodes} nodes`;
    problems.push({ path: `${path}.database.size`, message, hint });
  }
  return problems;
}

/**
 * Do the settings fit the managed database that the cluster has on the account, such as one that was
 * kept? It is the data's, and nothing about it is changed from here.
 *
 * @param own what of the cluster is on the account
 */
export function databaseProblems(
  { name, region, database: { connector, managed } }: Wishes,
  databases: readonly Database[] | undefined,
  own: readonly KitObject[],
): Problem[] {
  const ids = new Set(own.map(({ kind, id }) => (kind === 'database' ? id : undefined)));
  return (databases ?? [])
    .filter(({ id }) => ids.has(id))
    .flatMap((found) => {
      if (managed === undefined) {
        const hint = `Write database: { managed: true } to take it over. To do without the data: clusterkit sweep ${found.id} --remove.`;
        const message = `database ${found.name} (${found.id}) with data of this cluster is on the account, and the settings have none`;
        return [{ path: `clusters.${name}.database`, message, hint }];
      }
      return unfit(name, connector, { ...managed, region }, found);
    });
}

/** What of a managed database is not as the settings say. @param cluster its name */
export function unfit(
  cluster: string,
  connector: Connector,
  wanted: ManagedDatabase & { readonly region: string },
  found: Database,
): Problem[] {
  const at = `clusters.${cluster}`;
  const pairs = [
    ['database.connector', DATABASE_ENGINES[connector], found.engine],
    ['region', wanted.region, found.region],
    ['database.version', wanted.version, releaseLike(wanted.version, found.version)],
    ['database.size', wanted.size, found.size],
    ['database.nodes', String(wanted.nodes), String(found.num_nodes)],
  ] as const;
  return pairs.flatMap(([key, want, is]) =>
    want === is
      ? []
      : [
          {
            path: `${at}.${key}`,
            message: `database ${accountName(cluster, 'database')} (${found.id}) has ${is}, and the settings say ${want}`,
            hint: `Write ${is}. Sizes, nodes and releases are changed in the control panel of DigitalOcean first.`,
          },
        ],
  );
}

/** `8` asks for any release of it. */
const releaseLike = (wanted: string, found: string) =>
  found === wanted || found.startsWith(`${wanted}.`) ? wanted : found;
