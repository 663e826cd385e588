import { KitError } from '../../lib/errors.js';

/**
 * Runs `work` for each name in turn, and returns all results.
 * @throws the first failure; with `--json` it includes the earlier results
 */
export async function oneByOne<T>(
  names: readonly string[],
  work: (name: string) => Promise<T>,
): Promise<T[]> {
  const done: T[] = [];
  for (const name of names) {
    try {
      done.push(await work(name));
    } catch (error) {
      if (!(error instanceof KitError) || done.length === 0) throw error;
      const { code, exitCode, problems } = error;
      throw new KitError(code, exitCode, problems, { cause: error, done });
    }
  }
  return done;
}
