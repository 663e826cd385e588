import type { OpenDatabase } from '../clients/database/open-database.js';
import { usageError } from '../lib/errors.js';
import { type DatabaseClaim, dataProblems } from './check-database.js';
import { takeMark } from './mark.js';

/**
 * Marks a database as a cluster's, unless it has other data. Of several claims at once, one
 * succeeds.
 * @param path of the database's settings
 * @throws KitError `database-unfit` (exit 2), which names the owner
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
