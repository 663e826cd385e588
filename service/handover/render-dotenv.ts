import { usageError } from '../../lib/errors.js';
import { plain, type Variable } from '../../prisma/client-variables.js';

/** Values that every reader of such files accepts without quotes. */
const BARE = /^[\w@%+=:,./-]+$/;

/**
 * Lines of a `.env` file. Its readers have no common way to escape a quote, so each value gets quotes that
 * do not occur in it; single quotes are preferred, because nothing is expanded in them.
 *
 * @throws KitError `dotenv-unfit` (exit 2) for a value that cannot be quoted; the message does not contain it
 */
export const renderDotenv = (variables: readonly Variable[]): string =>
  variables.map((each) => `${each.name}=${quoted(each)}`).join('\n');

function quoted(variable: Variable): string {
  const value = plain(variable);
  if (BARE.test(value)) return value;
  // A backslash would escape the closing quote; readers normalize line breaks.
  const isPlain = !value.includes('\r') && !/\\$|\\['"`]/.test(value);
  const quote = isPlain ? ["'", '`'].find((each) => !value.includes(each)) : undefined;
  if (quote !== undefined) return `${quote}${value}${quote}`;
  throw usageError('dotenv-unfit', {
    path: variable.name,
    message: 'its value has quotes, backslashes or line breaks that a .env file cannot express',
    hint: 'Use another format: --format sh, json or github.',
  });
}
