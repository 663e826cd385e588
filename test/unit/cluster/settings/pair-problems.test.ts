import { describe, expect, test } from 'vitest';
import type { ClusterEntry } from '../../../../cluster/settings/entry.js';
import { pairProblems } from '../../../../cluster/settings/pair-problems.js';

type Pair = readonly [version: string, connector: 'postgres' | 'mysql', image: string];

const UPSTREAM = 'prismagraphql/prisma';
const BUNDLED = 'clusterkit/dev-server:0.1.0';

const problemsOf = (
  [version, connector, image]: Pair,
  server: ClusterEntry['server'] = { image: UPSTREAM },
) =>
  pairProblems('clusters.one', version, { server, database: { connector, image } }).map(
    ({ path, message }) => `${path}: ${message}`,
  );

describe('server and database', () => {
  test.each<Pair>([
    ['1.6.3', 'mysql', 'mysql:5.7'],
    ['1.6.3', 'mysql', 'mysql:5.7.44-debian'],
    ['1.7.4', 'mysql', 'mysql:5.7'],
    ['1.8', 'postgres', 'postgres:9.6'],
    ['1.8', 'postgres', 'postgres:10.5-alpine'],
    ['1.8', 'postgres', 'clusterkit/postgres:15'],
    ['1.34', 'mysql', 'mysql:5.6'],
    ['1.34', 'postgres', 'localhost:5000/team/postgres:15'],
    ['1.34', 'mysql', 'team/our-own@sha256:0123'],
    ['1.34', 'mysql', 'mysql'],
  ])('server %s, %s %s: fits', (...pair) => {
    expect(problemsOf(pair)).toEqual([]);
  });

  test.each<[...Pair, string]>([
    ['1.6.3', 'postgres', 'postgres:10', 'connector: server 1.6.3 does not support PostgreSQL'],
    ['1.7.4', 'postgres', 'postgres:10', 'connector: server 1.7.4 does not support PostgreSQL'],
    ['1.8', 'mysql', 'mysql:5.6', "image: server 1.8 does not support 'mysql:5.6'"],
    [
      ...(['1.8', 'mysql', 'mysql:8.0'] as const),
      "image: server 1.8 cannot log in to 'mysql:8.0': its driver does not support the passwords of MySQL 8",
    ],
    [
      ...(['1.34', 'mysql', 'mysql:8'] as const),
      "image: server 1.34 cannot log in to 'mysql:8': its driver does not support the passwords of MySQL 8",
    ],
    [
      ...(['1.34', 'postgres', 'postgres:9.3'] as const),
      "image: server 1.34 needs PostgreSQL 9.4 or later, not 'postgres:9.3'",
    ],
    [
      ...(['1.8', 'mysql', 'postgres:10'] as const),
      "image: 'postgres:10' is not a database for connector mysql",
    ],
    [
      ...(['1.8', 'postgres', 'team/mysql:5.7'] as const),
      "image: 'team/mysql:5.7' is not a database for connector postgres",
    ],
  ])('server %s, %s %s: refused', (version, connector, image, problem) => {
    expect(problemsOf([version, connector, image])).toContain(`clusters.one.database.${problem}`);
  });

  test.each(['clusterkit/mysql:10.11', 'mariadb:10.3', 'team/mariadb'])(
    '%s: refused in front of upstream’s server, on which it would hang',
    (image) => {
      const [problem, ...more] = problemsOf(['1.8', 'mysql', image]);
      expect(problem).toContain(`'${image}' is MariaDB, on which deployments to server 1.8 hang`);
      expect(more).toEqual([]);
      expect(problemsOf(['1.8', 'mysql', image], { image: BUNDLED })).toEqual([]);
    },
  );

  test('the bundled server has drivers of today', () => {
    const server = { image: BUNDLED };
    expect(problemsOf(['1.8', 'mysql', 'mysql:8'], server)).toEqual([]);
    expect(problemsOf(['1.6', 'postgres', 'postgres:15'], server)).toEqual([
      'clusters.one.database.connector: server 1.6 does not support PostgreSQL',
    ]);
  });
});

describe('server and authentication', () => {
  const meet = (version: string, auth: 'rsa' | 'secret') =>
    problemsOf([version, 'mysql', 'mysql:5.7'], { image: UPSTREAM, auth });

  test.each([
    ['1.6.3', 'rsa'],
    ['1.7', 'rsa'],
    ['1.7', 'secret'],
    ['1.26.6', 'secret'],
    ['1.27', 'secret'],
  ] as const)('server %s with %s: fits', (version, auth) => {
    expect(meet(version, auth)).toEqual([]);
  });

  test('a secret in front of a server up to 1.6', () => {
    expect(meet('1.6.3', 'secret')).toEqual([
      'clusters.one.server.auth: server 1.6.3 checks tokens with a key pair only, not with a secret',
    ]);
  });

  test('a key pair in front of a server from 1.27', () => {
    expect(meet('1.34', 'rsa')).toEqual([
      'clusters.one.server.auth: server 1.34 ignores a public key, and would accept all requests',
    ]);
  });
});
