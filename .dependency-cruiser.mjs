import { readFileSync } from 'node:fs';

// Which room may import which is written once: in the table of rooms of ARCHITECTURE.md.

/** The paths in a cell of the table: folders, which end in `/`, and files; `*` is any name. */
const pathsIn = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, path]) => path);

/** A path of the table as a regular expression. */
const pattern = (path) =>
  `^${path.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}${path.endsWith('/') ? '' : '$'}`;

const table = /^\| room \|.*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(
  readFileSync('ARCHITECTURE.md', 'utf8'),
);
if (table === null) throw new Error('ARCHITECTURE.md has no table of rooms');
const rooms = table[1].split('\n').flatMap((line) => {
  const [, names = '', , allowed] = line.split('|');
  return pathsIn(names).map((path) => ({ path, allowed }));
});

/** A room inside of another one has its own line, and so its own rule. */
const inside = (path) => rooms.filter((room) => room.path !== path && room.path.startsWith(path));

/** The rules of `npm run rooms`; types count as imports. */
export default {
  forbidden: [
    ...rooms.map(({ path, allowed }) => ({
      name: `what ${path} may import`,
      severity: 'error',
      from: { path: pattern(path), pathNot: inside(path).map((room) => pattern(room.path)) },
      to: {
        dependencyTypes: ['local'],
        // The product never imports its tests.
        path: allowed.includes('everything') ? '^test/' : '.',
        pathNot: [path, 'package.json', ...pathsIn(allowed)].map(pattern),
      },
    })),
    {
      name: 'each folder is a room of ARCHITECTURE.md',
      severity: 'error',
      from: { path: '/', pathNot: ['node_modules', ...rooms.map(({ path }) => pattern(path))] },
      to: {},
    },
    { name: 'no circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'only stacks/ knows cdktf, so that leaving it stays cheap',
      severity: 'error',
      from: { pathNot: '^(stacks|test)/' },
      to: { path: '(^|node_modules/)(cdktf|@cdktf|constructs)(/|$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.)|/fixtures/' },
    moduleSystems: ['es6'],
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
};
