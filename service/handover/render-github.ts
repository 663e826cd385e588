import { Secret } from '../../lib/secret.js';
import { plain, type Variable } from '../../prisma/client-variables.js';

/**
 * Variables for the next steps of a job.
 *
 * @param delimiter a random word that no value contains
 */
export const renderGithub = (variables: readonly Variable[], delimiter: string) => ({
  file: variables
    .map((each) => `${each.name}<<${delimiter}\n${plain(each)}\n${delimiter}`)
    .join('\n'),
  masks: variables
    .flatMap(({ value }) => (value instanceof Secret ? masksOf(value.reveal()) : []))
    .join('\n'),
});

/** The whole secret and each of its lines, because the log is masked line by line. */
function masksOf(secret: string): string[] {
  const lines = secret.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  const parts = lines.length > 1 ? [secret, ...lines] : [secret];
  return parts.map((part) => `::add-mask::${escaped(part)}`);
}

const escaped = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
