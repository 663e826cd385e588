import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from '../../../clients/digitalocean/api.js';
import { ApiError } from '../../../clients/digitalocean/api-error.js';
import type { TrustedSource } from '../../../clients/digitalocean/database-access.js';
import {
  DATABASE_ENGINES,
  type Database,
  database,
  databaseAnswer,
} from '../../../clients/digitalocean/database-answers.js';
import type { Connector } from '../../../cluster/databases.js';

/** A managed database to create. */
export interface DatabaseRequest {
  readonly name: string;
  readonly connector: Connector;
  readonly version: string;
  readonly size: string;
  readonly nodes: number;
  readonly region: string;
  /** Private network. @default - the region's */
  readonly vpc?: string | undefined;
  readonly tags: readonly string[];
  /** Sources that may connect, from its creation on. */
  readonly sources: readonly TrustedSource[];
}

const ATTEMPTS = 4;
const PAUSE_MS = 500;

/** Finds the managed database of that name; names are unique on an account. */
export async function findDatabase(api: Api, name: string): Promise<Database | undefined> {
  const all = await api.list('/v2/databases', 'databases', database);
  return all.find((one) => one.name === name);
}

/**
 * Creates the database unless it exists. A lost response may have been a success, so each further attempt
 * first searches for it: there is never a second one.
 *
 * @param onAbsent called when it does not exist at first; may throw
 * @throws ApiError
 */
export async function makeDatabase(
  api: Api,
  request: DatabaseRequest,
  signal?: AbortSignal,
  onAbsent: () => void = () => {},
): Promise<{ readonly database: Database; readonly outcome: 'created' | 'already so' }> {
  let error: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const found = await findDatabase(api, request.name);
    if (found !== undefined)
      return { database: found, outcome: attempt === 1 ? 'already so' : 'created' };
    if (attempt === 1) onAbsent();
    else await pause(PAUSE_MS * attempt, undefined, { ...(signal && { signal }) });
    try {
      const made = await api.post('/v2/databases', bodyFor(request), databaseAnswer);
      return { database: made.database, outcome: 'created' };
    } catch (cause) {
      if (!mayHaveBeenMade(cause)) throw cause;
      error = cause;
    }
  }
  throw error;
}

const bodyFor = ({ connector, nodes, vpc, sources, ...request }: DatabaseRequest) => ({
  name: request.name,
  engine: DATABASE_ENGINES[connector],
  version: request.version,
  size: request.size,
  num_nodes: nodes,
  region: request.region,
  tags: request.tags,
  rules: sources,
  ...(vpc !== undefined && { private_network_uuid: vpc }),
});

const mayHaveBeenMade = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === undefined || error.status >= 500);
