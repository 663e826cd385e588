import type { Api } from '../../../clients/digitalocean/api.js';
import { hasStatus } from '../../../clients/digitalocean/api-error.js';
import {
  awaitOnline,
  databaseAccess,
  ensureDb,
  onlyTagged,
  tagDatabase,
  trustOnly,
} from '../../../clients/digitalocean/database-access.js';
import type { Database } from '../../../clients/digitalocean/database-answers.js';
import { dataLayoutOf } from '../../../cluster/data-layout.js';
import { assertLayoutFits } from '../../../cluster/objects/data-conflict.js';
import { environmentError, usageError } from '../../../lib/errors.js';
import { accountName, clusterTag, KIT_TAG } from '../../../stacks/droplet/account-names.js';
import { type OnStep, StepLog } from '../../common/step-log.js';
import type { DropletFacts } from '../facts.js';
import { type ManagedLogin, readManagedLogin, writeManagedLogin } from '../keys/managed-login.js';
import { makeDatabase } from './make-database.js';
import { unfit } from './managed-problems.js';

/** Database of the server's own tables. */
const DATABASE = 'prisma';

type Input = Pick<DropletFacts, 'cluster' | 'keyDirectory' | 'connector' | 'version' | 'managed'>;

/** Outcome of each step, in order: `already so` when there was nothing to do. */
export type ManagedReport = Readonly<Record<string, string>>;

/**
 * Creates a managed database and stores its login in the key store. Only droplets with the cluster's tag may
 * connect, from its creation on; this is checked before anything else. Every step checks the current state
 * first, so that it can be interrupted and repeated.
 *
 * @param onStep called at the end of every step
 * @throws KitError `cluster-elsewhere`, `data-unfit`, `managed-database-unfit` (exit 2), `managed-database-gone`,
 *   `managed-database-late`, `token-scopes` (exit 3); those of the API and the key store
 */
export async function manageDatabase(
  input: Input,
  api: Api,
  signal?: AbortSignal,
  onStep?: OnStep,
): Promise<ManagedReport> {
  const { cluster, keyDirectory, connector, managed } = input;
  if (managed === undefined) throw new Error(`${cluster} has no managed database`);
  const log = new StepLog(onStep);
  const before = await readManagedLogin(keyDirectory);
  const layout = dataLayoutOf(input.version, connector);
  assertLayoutFits(cluster, layout, before?.layout);
  const name = accountName(cluster, 'database');
  const sources = onlyTagged(clusterTag(cluster));
  const tags = [KIT_TAG, clusterTag(cluster)];
  const { database, outcome } = await makeDatabase(
    api,
    { ...managed, connector, name, tags, sources },
    signal,
    before && (() => gone(input, before)),
  );
  requireFitting(input, database);
  log.done('database', outcome);

  const { id, status } = database;
  // May be refused until it is online; repeated then.
  const early = await trustOnly(api, id, sources).catch((error: unknown) => {
    if (status === 'online' || !hasStatus(error, 404, 409, 412, 422)) throw error;
    return 'not yet' as const;
  });
  await awaitOnline(api, id, signal);
  const late = await trustOnly(api, id, sources);
  const firewall = early === 'changed' ? early : late;
  log.done('firewall', firewall);
  const missing = tags.filter((tag) => !database.tags.includes(tag));
  for (const tag of missing) await tagDatabase(api, id, tag);
  await ensureDb(api, id, DATABASE);

  const access = await databaseAccess(api, id);
  const facts = { id, connector, database: DATABASE, ssl: 'verify-full', layout } as const;
  const login: ManagedLogin = { ...access, ...facts };
  const isKnown = before !== undefined && wordsOf(before) === wordsOf(login);
  if (!isKnown) await writeManagedLogin(keyDirectory, login);
  const known = isKnown ? 'already so' : 'written';
  log.done('login', known);
  return { database: outcome, firewall, login: known };
}

function requireFitting({ cluster, connector, managed }: Input, found: Database): void {
  if (!found.tags.includes(KIT_TAG)) {
    throw usageError('cluster-elsewhere', {
      path: `clusters.${cluster}`,
      message: `a database '${found.name}' already exists on the account (${found.id}), and does not belong to a cluster of this kit`,
      hint: 'Rename or remove it, or rename the cluster.',
    });
  }
  const problems = managed ? unfit(cluster, connector, managed, found) : [];
  if (problems.length > 0) throw usageError('managed-database-unfit', problems);
}

/** Fails, because a new, empty database would hide the loss of the data. */
function gone({ cluster }: Input, { id }: ManagedLogin): never {
  throw environmentError('managed-database-gone', {
    path: `clusters.${cluster}.database`,
    message: `the managed database ${accountName(cluster, 'database')} (${id}) no longer exists on the account, nor does its data`,
    hint: `Restore it under its name from a backup at DigitalOcean, or start again without the data: clusterkit down ${cluster}, then up.`,
  });
}

const wordsOf = ({ password, ...facts }: ManagedLogin) =>
  JSON.stringify([Object.entries(facts).sort(([a], [b]) => a.localeCompare(b)), password.reveal()]);
