/** What a server does with databases of its services, which it makes itself. */
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
 * Rights that a user lacks on a database, as `show grants` tells.
 * @param grants its lines; those on single tables, routines and roles do not count
 * @param name of the database, which need not be there
 */
export function missingRights(grants: readonly string[], name: string): string[] {
  const had = grants.flatMap((line) => {
    const [, rights = '', place = ''] = GRANT.exec(line) ?? [];
    return covers(place, name) ? rightsIn(rights) : [];
  });
  return NEEDED_RIGHTS.filter((right) => !had.includes(right) && !had.includes('ALL PRIVILEGES'));
}

/** Rights on single columns are none. */
const rightsIn = (list: string): string[] =>
  list
    .replaceAll(/\s*\([^)]*\)/g, '(…)')
    .split(',')
    .map((right) => right.trim().toUpperCase())
    .filter((right) => !right.includes('('));

/** Names in grants are patterns: `%` is anything, `_` any character, unless a backslash stands before. */
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
