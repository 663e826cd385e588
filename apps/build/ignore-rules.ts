import dockerignore from '@balena/dockerignore';

/** Which paths of a directory a build leaves out. */
export interface IgnoreRules {
  /** @param path relative, with `/` */
  ignores(path: string): boolean;
  /** May something in this directory be included although the directory is ignored? */
  reachesInto(directory: string): boolean;
}

/** Regular expressions give these a meaning; Docker's patterns do not. */
const LITERAL = /[+(){}|]/g;

/**
 * The rules of a `.dockerignore`, as Docker reads it: patterns start at the root, `**` is any number of
 * directories, the last line that matches decides, and `!` includes again.
 */
export function ignoreRules(text: string): IgnoreRules {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#') && line.trim() !== '')
    .map((line) => line.trim().replaceAll(LITERAL, '\\$&'));
  const rules = dockerignore.default({ ignorecase: false }).add(lines);
  const included = lines
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1).trim().replace(/^\/+/, ''));
  return {
    ignores: (path) => rules.ignores(path),
    reachesInto: (directory) => included.some((pattern) => mayMatchInside(pattern, directory)),
  };
}

/** A pattern with a wildcard in its first parts may match anywhere below: BuildKit’s reading, which `!` documents. */
function mayMatchInside(pattern: string, directory: string): boolean {
  const fixed = pattern.replaceAll('\\', '').split('/');
  return directory
    .split('/')
    .every((part, at) => fixed[at] === part || /[*?[]/.test(fixed.slice(0, at + 1).join('/')));
}
