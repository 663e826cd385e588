import { describe, expect, it } from 'vitest';
import { unreachableOf } from '../../../clients/database/unreachable.js';
import { ownerProblem } from '../../../external-database/check-database.js';
import { missingRights, NEEDED_RIGHTS } from '../../../external-database/mysql-grants.js';
import { releaseOf, releaseProblem } from '../../../external-database/release.js';

describe('rights on a MySQL, by its grants', () => {
  const all = NEEDED_RIGHTS.join(', ');
  it.each<[string, string, string, string[]]>([
    ['all, everywhere', 'GRANT ALL PRIVILEGES ON *.* TO `a`@`%`', 'blog@dev', []],
    ['one by one', `GRANT ${all} ON *.* TO \`a\`@\`%\` WITH GRANT OPTION`, 'blog@dev', []],
    ['a pattern', 'GRANT ALL PRIVILEGES ON `%@%`.* TO `a`@`%`', 'blog@dev', []],
    ['a pattern of others', 'GRANT ALL PRIVILEGES ON `%@%`.* TO `a`@`%`', 'p', [...NEEDED_RIGHTS]],
    ['an escaped name', 'GRANT ALL PRIVILEGES ON `my\\_db`.* TO `a`@`%`', 'my_db', []],
    [
      'no pattern then',
      'GRANT ALL PRIVILEGES ON `my\\_db`.* TO `a`@`%`',
      'my-db',
      [...NEEDED_RIGHTS],
    ],
    [
      'too few',
      'GRANT SELECT, INSERT ON *.* TO `a`@`%`',
      'p',
      NEEDED_RIGHTS.filter((r) => r !== 'SELECT' && r !== 'INSERT'),
    ],
    [
      'one column',
      'GRANT SELECT (id), INSERT ON *.* TO `a`@`%`',
      'p',
      NEEDED_RIGHTS.filter((r) => r !== 'INSERT'),
    ],
    ['one table', 'GRANT ALL PRIVILEGES ON `p`.`t` TO `a`@`%`', 'p', [...NEEDED_RIGHTS]],
    ['nothing', 'GRANT USAGE ON *.* TO `a`@`%`', 'p', [...NEEDED_RIGHTS]],
  ])('%s', (_what, grant, name, missing) => {
    expect(missingRights([grant], name)).toEqual(missing);
  });

  it('add up', () => {
    const some = ['CREATE, DROP, ALTER, INDEX, REFERENCES', 'SELECT, INSERT, UPDATE, DELETE'];
    const grants = some.map((list) => `GRANT ${list} ON *.* TO \`a\`@\`%\``);
    expect(missingRights(grants, 'p')).toEqual([]);
  });
});

describe('releases', () => {
  const upstream = (version: string) => ({ version, isBundled: false });
  const bundled = { version: '1.8', isBundled: true };
  it.each([
    ['postgres', '15.8 (Debian 15.8-0+deb12u1)', 'postgres', 15.08],
    ['postgres', '9.3.25', 'postgres', 9.03],
    ['mysql', '8.0.36', 'mysql', 8],
    ['mysql', '5.7.44-log', 'mysql', 5.07],
    ['mysql', '5.5.5-10.11.6-MariaDB', 'mariadb', 10.11],
  ] as const)('%s %s', (connector, text, kind, number) => {
    expect(releaseOf(connector, text)).toEqual({ kind, number, text });
  });

  it.each([
    [
      'postgres',
      '9.3.25',
      upstream('1.8'),
      /PostgreSQL 9\.3\.25, which is too old for server 1\.8/,
    ],
    ['postgres', '9.4.26', upstream('1.8'), undefined],
    ['postgres', '15.8', upstream('1.34'), undefined],
    ['postgres', '9.4.26', bundled, /too old for the bundled server/],
    ['postgres', '17.2', bundled, undefined],
    ['mysql', '5.6.51', upstream('1.8'), /MySQL 5\.6\.51, which is too old/],
    ['mysql', '5.6.51', upstream('1.34'), undefined],
    ['mysql', '8.0.36', upstream('1.34'), /too new for server 1\.34/],
    ['mysql', '8.4.0', bundled, undefined],
    [
      'mysql',
      '10.11.6-MariaDB',
      upstream('1.8'),
      /MariaDB 10\.11\.6-MariaDB; deployments to .* hang on it/,
    ],
    ['mysql', '10.11.6-MariaDB', bundled, undefined],
    ['mysql', '5.6.51', bundled, /Use|too old/],
  ] as const)('%s %s for %o', (connector, text, server, expected) => {
    const problem = releaseProblem(releaseOf(connector, text), server);
    if (expected === undefined) expect(problem).toBeUndefined();
    else expect(problem?.message).toMatch(expected);
  });
});

describe('whose a mark is', () => {
  const mark = { id: 'a', cluster: 'mine', layout: 'postgres' };
  it.each([
    ['ours', mark, { id: 'a', cluster: 'mine', adopt: false }, undefined],
    ['released', { ...mark, id: undefined }, { id: 'b', cluster: 'x', adopt: false }, undefined],
    ['another cluster’s', mark, { id: 'b', cluster: 'x', adopt: false }, /of cluster 'mine'/],
    ['that, though adopted', mark, { id: 'b', cluster: 'x', adopt: true }, /of cluster 'mine'/],
    ['of a lost key store', mark, { id: 'b', cluster: 'mine', adopt: false }, /another key store/],
    ['that, adopted', mark, { id: undefined, cluster: 'mine', adopt: true }, undefined],
  ])('%s', (_what, found, claim, expected) => {
    const problem = ownerProblem(found, claim, 'path');
    if (expected === undefined) expect(problem).toBeUndefined();
    else expect(problem?.message).toMatch(expected);
  });
});

describe('why a database cannot be reached', () => {
  it.each([
    ['ENOTFOUND', 'unknown-host', "there is no host 'db'"],
    ['ECONNREFUSED', 'refused', 'db:1 refuses connections'],
    ['EHOSTUNREACH', 'timed-out', 'db:1 does not answer'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'untrusted', 'the certificate of db:1 is not trusted: words'],
    ['CERT_HAS_EXPIRED', 'expired', 'the certificate of db:1 is not valid: words'],
    ['EPIPE', 'lost', 'the connection to db:1 was lost: words'],
  ])('%s', (code, reason, message) => {
    const error = Object.assign(new Error('words'), { code });
    expect(unreachableOf(error, { host: 'db', port: 1 })).toMatchObject({ reason, message });
    const several = new AggregateError([error]);
    expect(unreachableOf(several, { host: 'db', port: 1 })).toMatchObject({ reason, message });
  });
});
