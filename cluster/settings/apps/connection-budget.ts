import type { Capacity } from '../../../clients/database/postgres-capacity.js';
import type { Problem } from '../../../lib/errors.js';
import { CONNECTION_LIMIT } from '../../configuration/server-configuration.js';
import { relayMemory } from '../../containers/relay-memory.js';
import { serverConnections } from '../server-connections.js';
import type { ClusterSettings } from '../settings.js';

/** The gateway's measurements (2), the health check, and a deployment's own queries. */
const KIT_CONNECTIONS = 4;

/** PostgreSQL's default for its superusers. */
const SUPERUSER_CONNECTIONS = 3;

/** What a budget is made of. */
export interface BudgetProps {
  /** Path of the cluster in its file, such as `clusters.local`. */
  readonly path: string;
  readonly settings: {
    readonly server: Pick<ClusterSettings['server'], 'image' | 'version'>;
    readonly database: { readonly connectionLimit?: number | undefined };
  };
  /** Applications with `database: direct`. */
  readonly apps: readonly { readonly app: string; readonly connections: number }[];
  readonly capacity: Capacity;
  /** The database is external or managed: all connections go through the relay. */
  readonly isRelayed: boolean;
}

/** Connections that a cluster opens to its database at most, and what that has for it. */
export interface ConnectionBudget {
  readonly summands: readonly { readonly what: string; readonly connections: number }[];
  readonly needed: number;
  readonly available: number;
  /** There is one when more are needed than available. */
  readonly problem?: Problem;
}

/**
 * Adds up the connections of server, applications and the kit itself. Too many would show at the worst time: under load,
 * and in the server as well. The kit does not raise the limit of a database: that would restart it.
 */
export function connectionBudget(props: BudgetProps): ConnectionBudget {
  const { apps, settings, isRelayed, capacity } = props;
  const { maxConnections, reserved = SUPERUSER_CONNECTIONS } = capacity;
  const { server, database } = settings;
  const connectionLimit = database.connectionLimit ?? CONNECTION_LIMIT;
  const ofServer = serverConnections({ server, database: { connectionLimit } }) ?? connectionLimit;
  const summands = [
    { what: 'the server', connections: ofServer },
    ...apps.map(({ app, connections }) => ({ what: `app ${app}`, connections })),
    { what: 'the kit', connections: KIT_CONNECTIONS },
  ];
  const needed = summands.reduce((sum, { connections }) => sum + connections, 0);
  const ofDatabase = maxConnections - reserved;
  const ofRelay = isRelayed
    ? relayMemory(serverConnections(settings)).connections
    : Number.POSITIVE_INFINITY;
  const available = Math.min(ofDatabase, ofRelay);
  if (needed <= available) return { summands, needed, available };
  const limit =
    ofDatabase <= ofRelay
      ? `the database accepts ${ofDatabase} (max_connections ${maxConnections}, of which ${reserved} are for its administrators)`
      : `the relay to the database accepts ${ofRelay}`;
  const list = summands.map(({ what, connections }) => `${what} ${connections}`).join(', ');
  const raise =
    isRelayed && ofDatabase <= ofRelay ? '; or raise max_connections of the database' : '';
  return {
    ...{ summands, needed, available },
    problem: {
      path: `${props.path}.apps`,
      message: `server and applications may open ${needed} connections (${list}), and ${limit}`,
      hint: `Lower connections of an application, or database.connectionLimit of the server, by ${needed - available} in all${raise}.`,
    },
  };
}
