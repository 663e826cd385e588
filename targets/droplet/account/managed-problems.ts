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

/** Problems when the region has no such managed database. Skips what could not be read. */
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
 * Problems between the settings and the cluster's managed database on the account, such as one that was
 * kept. It has the data, so the kit does not change it.
 *
 * @param own the cluster's objects on the account
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
        const hint = `Set database: { managed: true } to reuse it. To drop the data: clusterkit sweep ${found.id} --remove.`;
        const message = `database ${found.name} (${found.id}) with data of this cluster is on the account, but the settings have no managed database`;
        return [{ path: `clusters.${name}.database`, message, hint }];
      }
      return unfit(name, connector, { ...managed, region }, found);
    });
}

/** Differences between a managed database and the settings. @param cluster its name */
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
            message: `database ${accountName(cluster, 'database')} (${found.id}) has ${is}, but the settings have ${want}`,
            hint: `Set ${is}. Change sizes, nodes and releases in DigitalOcean's control panel first.`,
          },
        ],
  );
}

/** `8` accepts any release of 8. */
const releaseLike = (wanted: string, found: string) =>
  found === wanted || found.startsWith(`${wanted}.`) ? wanted : found;
