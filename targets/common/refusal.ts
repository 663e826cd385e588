import { KitError } from '../../lib/errors.js';

/** An error as the text that a plan fails with. @throws what is no {@link KitError} */
export function refusalOf(error: unknown): string {
  if (!(error instanceof KitError)) throw error;
  return error.problems
    .map(({ path, message, hint }) => [path, message, hint].filter(Boolean).join(': '))
    .join('\n');
}
