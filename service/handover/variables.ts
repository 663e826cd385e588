import { shellWord } from '../../lib/shell-word.js';
import { plain, type Variable } from '../../prisma/client-variables.js';

/**
 * Lines for a POSIX shell: `eval "$(clusterkit env NAME)"`. Values are in single quotes.
 *
 * @param unset variables of another cluster, to unset
 */
export const renderSh = (variables: readonly Variable[], unset: readonly string[]): string =>
  [
    ...unset.map((name) => `unset ${name}`),
    ...variables.map((each) => `export ${each.name}=${shellWord(plain(each))}`),
  ].join('\n');
