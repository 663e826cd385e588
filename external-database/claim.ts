import { usageError } from '../lib/errors.js';
import { type DatabaseClaim, dataProblems } from './check-database.js';
import { takeMark } from './mark.js';
import type { OpenDatabase } from './open-database.js';

/**
 * Makes a database a cluster's, unless it has anybody else's data. Of many at once one gets it.
 * @param path of its settings
 * @throws KitError `database-unfit` (exit 2), with whose it is
 */
export const claim = (
  database: OpenDatabase,
  who: DatabaseClaim & { readonly id: string },
  path: string,
): Promise<'claimed' | 'already so'> =>
  takeMark(database, who, async (mark) => {
    const problems = await dataProblems(database, mark, who, path);
    if (problems.length > 0) throw usageError('database-unfit', problems);
  });
