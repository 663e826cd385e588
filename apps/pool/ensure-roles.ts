import pRetry, { type Options } from 'p-retry';
import { environmentError, usageError } from '../../lib/errors.js';
import type { Secret } from '../../lib/secret.js';
import { type RunSql, SqlError } from './database-client.js';
import { type DatabaseFacts, factsQuery, parseFacts } from './database-facts.js';
import { passwordVerifier } from './password-verifier.js';
import { planRoles, roleProblems } from './plan-roles.js';
import type { PoolApp, PoolDatabase, RoleOwner } from './pool-app.js';

/** An application with its role. */
export interface RoleUser extends PoolApp {
  readonly role: string;
  readonly password: Secret;
}

type Owner = Pick<RoleOwner, 'identity'> & {
  readonly cluster: string;
  readonly database: PoolDatabase;
};

/**
 * Makes and changes the roles of applications, in one transaction.
 * @param judge looks at the database before anything changes
 * @returns `drop` removes those that no application has, once the pool has forgotten them
 * @throws KitError `service-absent`, `database-role-taken`, `database-role-refused` (exit 2), `database-unusable`
 */
export async function ensureRoles(
  run: RunSql,
  { cluster, identity, database }: Owner,
  users: readonly RoleUser[],
  judge: (facts: DatabaseFacts) => void,
) {
  const owner = { identity, ...database };
  const path = `clusters.${cluster}`;
  const facts = parseFacts(await typed(run(factsQuery(users)), database, path));
  const wanted = users.map((user) => ({
    ...user,
    verifier: passwordVerifier(user.password, user.role, facts.version),
  }));
  const { absent, taken, rights } = roleProblems(facts, wanted, owner, path);
  if (absent.length > 0) throw usageError('service-absent', absent);
  if (taken.length > 0) throw usageError('database-role-taken', taken);
  if (rights.length > 0) throw usageError('database-role-refused', rights);
  judge(facts);
  const { before, after } = planRoles(facts, wanted, owner);
  const send = async (statements: readonly string[]) => {
    if (statements.length === 0) return;
    const sql = `${statements.join(';\n')};\n`;
    await typed(
      pRetry(() => run(sql), AGAIN),
      database,
      path,
    );
  };
  await send(before);
  return { isChanged: before.length + after.length > 0, drop: () => send(after) };
}

/** SQLSTATEs of a server that changes its tables at the same moment. */
const MEANWHILE = ['XX000', '42P01', '40P01', '40001'];

const AGAIN: Options = {
  ...{ retries: 4, minTimeout: 200, factor: 2 },
  shouldRetry: ({ error }) => error instanceof SqlError && MEANWHILE.includes(error.state ?? ''),
};

/** SQLSTATE of a lack of rights. */
const NOT_PERMITTED = '42501';

async function typed(
  answer: Promise<string>,
  { user, isRelayed }: PoolDatabase,
  cluster: string,
): Promise<string> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const path = `${cluster}.database${isRelayed ? '.external' : ''}`;
    if (error.state === NOT_PERMITTED) {
      throw usageError('database-role-refused', {
        path,
        message: `user '${user}' may not manage the roles of applications with database: direct: ${error.message}`,
        hint: `It needs createrole, and the schemas of the services: alter role "${user}" createrole`,
        cause: error,
      });
    }
    throw environmentError('database-unusable', {
      path,
      message: `the database reports an error: ${error.message}`,
      hint: 'Check the log of the database, then run the command again.',
      cause: error,
    });
  }
}
