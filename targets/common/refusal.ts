import { KitError } from '../../lib/errors.js';

/** Text of an error, with which a plan fails. @throws errors that are no {@link KitError} */
export function refusalOf(error: unknown): string {
  if (!(error instanceof KitError)) throw error;
  return error.problems
    .map(({ path, message, hint }) => [path, message, hint].filter(Boolean).join(': '))
    .join('\n');
}
