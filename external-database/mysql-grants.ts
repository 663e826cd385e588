/** The rights that a server uses on the databases that it creates for services. */
export const NEEDED_RIGHTS = [
  'CREATE',
  'DROP',
  'ALTER',
  'INDEX',
  'REFERENCES',
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
] as const;

const GRANT = /^GRANT (.+?) ON (\*\.\*|`(?:[^`]|``)*`\.\*|\*) TO /i;

/**
 * The rights that a user lacks on a database.
 * @param grants lines of `show grants`; grants on single tables, routines and roles do not count
 * @param name of the database, which need not exist
 */
export function missingRights(grants: readonly string[], name: string): string[] {
  const had = grants.flatMap((line) => {
    const [, rights = '', place = ''] = GRANT.exec(line) ?? [];
    return covers(place, name) ? rightsIn(rights) : [];
  });
  return NEEDED_RIGHTS.filter((right) => !had.includes(right) && !had.includes('ALL PRIVILEGES'));
}

/** Without rights on single columns. */
const rightsIn = (list: string): string[] =>
  list
    .replaceAll(/\s*\([^)]*\)/g, '(…)')
    .split(',')
    .map((right) => right.trim().toUpperCase())
    .filter((right) => !right.includes('('));

/** Whether a grant's pattern covers a name: `%` is any text, `_` any character, `\` escapes. */
function covers(place: string, name: string): boolean {
  if (place === '*.*') return true;
  if (!place.startsWith('`')) return false;
  const pattern = place.slice(1, -3).replaceAll('``', '`');
  const source = pattern.replaceAll(/\\?[\s\S]/g, (part) => {
    if (part === '%') return '[\\s\\S]*';
    if (part === '_') return '[\\s\\S]';
    const literal = part.length === 2 ? part.slice(1) : part;
    return literal.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  });
  return new RegExp(`^${source}$`).test(name);
}
