import { shellWord } from '../../lib/shell-word.js';
import { plain, type Variable } from '../../prisma/client-variables.js';

/**
 * Lines for a POSIX shell: `eval "$(clusterkit env NAME)"`. Single quotes keep every character.
 *
 * @param unset variables that would mislead tools, and so have to go
 */
export const renderSh = (variables: readonly Variable[], unset: readonly string[]): string =>
  [
    ...unset.map((name) => `unset ${name}`),
    ...variables.map((each) => `export ${each.name}=${shellWord(plain(each))}`),
  ].join('\n');
