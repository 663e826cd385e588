import type { Capacity } from '../../../clients/database/postgres-capacity.js';
import type { Problem } from '../../../lib/errors.js';
import { maxConnections } from '../../containers/memory-options.js';
import { serverConnections } from '../server-connections.js';
import type { ClusterSettings } from '../settings.js';
import { type BudgetProps, connectionBudget } from './connection-budget.js';

type Settings = BudgetProps['settings'] & Pick<ClusterSettings, 'database' | 'apps'>;

/**
 * The problem when server and applications together may open more connections than the database accepts.
 * @param capacity of the database. @default - what its settings say; of an external one nothing is known
 */
export function budgetProblems(
  path: string,
  settings: Settings,
  capacity = knownCapacity(settings),
): Problem[] {
  const { database } = settings;
  const apps = (settings.apps ?? []).flatMap(({ name, database: use }) =>
    use === undefined ? [] : [{ app: name, connections: use.connections }],
  );
  if (apps.length === 0 || capacity === undefined) return [];
  const isRelayed = database.external !== undefined || database.managed !== undefined;
  const { problem } = connectionBudget({ path, settings, apps, capacity, isRelayed });
  return problem === undefined ? [] : [problem];
}

/** What a database accepts, as far as it shows before there is one. */
function knownCapacity({ server, database }: Settings): Capacity | undefined {
  const { connector, external, managed } = database;
  if (connector !== 'postgres' || external !== undefined) return undefined;
  if (managed !== undefined) return capacityOfSize(managed.size);
  return { maxConnections: maxConnections(connector, serverConnections({ server, database })) };
}

/** DigitalOcean gives 25 connections for each GB, such as of `db-s-1vcpu-2gb`. */
const PER_GB = 25;

function capacityOfSize(size: string): Capacity | undefined {
  const [, gigabytes] = /-(\d+)gb($|-)/.exec(size) ?? [];
  return gigabytes === undefined ? undefined : { maxConnections: PER_GB * Number(gigabytes) };
}
