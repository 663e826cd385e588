import { usageError } from '../../lib/errors.js';
import { plain, type Variable } from '../../prisma/client-variables.js';

/** What every reader of such files takes bare, also those that know no quotes. */
const BARE = /^[\w@%+=:,./-]+$/;

/**
 * Lines of a `.env` file. Its readers have no common way to escape a quote, so each value is put
 * between quotes that do not occur in it; single ones first, in which nothing has a meaning.
 *
 * @throws KitError `dotenv-unfit` (exit 2) for a value that no quotes can hold; it is not repeated
 */
export const renderDotenv = (variables: readonly Variable[]): string =>
  variables.map((each) => `${each.name}=${quoted(each)}`).join('\n');

function quoted(variable: Variable): string {
  const value = plain(variable);
  if (BARE.test(value)) return value;
  // A backslash before the closing quote keeps it from closing; readers unify line breaks.
  const isPlain = !value.includes('\r') && !/\\$|\\['"`]/.test(value);
  const quote = isPlain ? ["'", '`'].find((each) => !value.includes(each)) : undefined;
  if (quote !== undefined) return `${quote}${value}${quote}`;
  throw usageError('dotenv-unfit', {
    path: variable.name,
    message: 'its value has quotes, backslashes or line breaks that a .env file cannot hold',
    hint: 'Take another form: --format sh, json or github.',
  });
}
