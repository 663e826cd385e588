import { describe, expect, test } from 'vitest';
import type { DatabaseFacts } from '../../../../apps/pool/database-facts.js';
import { isOurs, planRoles, roleProblems } from '../../../../apps/pool/plan-roles.js';
import { markOf } from '../../../../apps/pool/role-mark.js';

const OWN = { identity: 'one', user: 'prisma', database: 'prisma', isRelayed: false };
const WEB = {
  ...{ app: 'web', role: 'clusterkit_web', schema: 'blog$dev', connections: 5 },
  verifier: 'SCRAM-SHA-256$4096:salt$key:key',
};
const EMPTY: DatabaseFacts = {
  ...{ version: 150_000, maxConnections: 100, reserved: 3, isSuper: true, canCreateRoles: true },
  schemas: [{ name: 'blog$dev', owner: 'prisma' }],
  roles: [],
};
const right = {
  ...{ name: 'clusterkit_web', comment: markOf(WEB, OWN), connections: 5, isRight: true },
  elsewhere: [],
};

describe('planRoles', () => {
  test('a new role has its limit, its comment, and rights on the rows of one schema', () => {
    const mark = `clusterkit {"app":"web","cluster":"one","password":"${markOf(WEB, OWN).slice(-18, -2)}"}`;
    expect(planRoles(EMPTY, [WEB], OWN)).toEqual({
      before: [
        'create role "clusterkit_web"',
        `alter role "clusterkit_web" with login connection limit 5 password '${WEB.verifier}'`,
        'alter role "clusterkit_web" set search_path to "blog$dev"',
        `comment on role "clusterkit_web" is '${mark}'`,
        'alter role "clusterkit_web" with login',
        'alter role "clusterkit_web" set search_path to "blog$dev"',
        'grant connect on database "prisma" to "clusterkit_web"',
        'grant usage on schema "blog$dev" to "clusterkit_web"',
        'grant select, insert, update, delete on all tables in schema "blog$dev" to "clusterkit_web"',
        'grant usage, select, update on all sequences in schema "blog$dev" to "clusterkit_web"',
        'alter default privileges for role "prisma" in schema "blog$dev" grant select, insert, update, delete on tables to "clusterkit_web"',
        'alter default privileges for role "prisma" in schema "blog$dev" grant usage, select, update on sequences to "clusterkit_web"',
      ],
      after: [],
      dropped: [],
    });
  });

  test('nothing is done where everything is right; only a limit or a password is set where it differs', () => {
    const facts = { ...EMPTY, roles: [right] };
    expect(planRoles(facts, [WEB], OWN)).toEqual({ before: [], after: [], dropped: [] });
    const more = planRoles(facts, [{ ...WEB, connections: 6 }], OWN).before;
    expect(more.map((statement) => statement.split(' ').slice(0, 2).join(' '))).toEqual([
      ...['alter role', 'alter role', 'comment on'],
    ]);
    expect(planRoles(facts, [{ ...WEB, verifier: 'another' }], OWN).before[0]).toBe(
      `alter role "clusterkit_web" with login connection limit 5 password 'another'`,
    );
  });

  test('rights on other schemas go, with those on tables to come', () => {
    const facts = {
      ...EMPTY,
      roles: [{ ...right, elsewhere: [{ name: 'shop$dev', owner: 'x' }] }],
    };
    expect(planRoles(facts, [WEB], OWN).before).toEqual([
      'revoke all on all tables in schema "shop$dev" from "clusterkit_web"',
      'revoke all on all sequences in schema "shop$dev" from "clusterkit_web"',
      ...['prisma', 'x'].flatMap((maker) =>
        ['tables', 'sequences'].map(
          (kind) =>
            `alter default privileges for role "${maker}" in schema "shop$dev" revoke all on ${kind} from "clusterkit_web"`,
        ),
      ),
      'revoke all on schema "shop$dev" from "clusterkit_web"',
    ]);
  });

  test('drops its own roles that nobody needs, as a member where it is no superuser', () => {
    const foreign = { ...right, name: 'clusterkit_theirs', comment: 'by hand' };
    const facts = { ...EMPTY, isSuper: false, roles: [right, foreign] };
    const { before, after, dropped } = planRoles(facts, [], OWN);
    expect([before, dropped]).toEqual([[], ['clusterkit_web']]);
    expect(after).toEqual([
      'grant "clusterkit_web" to "prisma"',
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'clusterkit_web'",
      'drop owned by "clusterkit_web"',
      'drop role "clusterkit_web"',
    ]);
    expect(planRoles({ ...facts, isSuper: true }, [], OWN).after).toEqual(after.slice(1));
  });
});

test('in a shared PostgreSQL a role belongs to the cluster in its comment', () => {
  const shared = { ...OWN, isRelayed: true };
  const theirs = markOf(WEB, { ...shared, identity: 'two' });
  expect(isOurs(right.comment, shared)).toBe(true);
  expect(isOurs(theirs, shared)).toBe(false);
  expect(isOurs(theirs, OWN)).toBe(true);
  expect([null, '', 'clusterkit {', 'clusterkit {}'].map((text) => isOurs(text, OWN))).toEqual(
    Array(4).fill(false),
  );
});

test('roleProblems tells every obstacle by its kind', () => {
  const facts = {
    ...{ ...EMPTY, canCreateRoles: false, schemas: [] },
    roles: [{ ...right, comment: null }],
  };
  const api = { ...WEB, app: 'api', role: 'clusterkit_api' };
  const { absent, taken, rights } = roleProblems(facts, [WEB, api], OWN, 'clusters.local');
  const paths = (problems: readonly { path?: string }[]) => problems.map(({ path }) => path);
  expect([paths(absent), paths(taken), paths(rights)]).toEqual([
    ['clusters.local.apps.web.database', 'clusters.local.apps.api.database'],
    ['clusters.local.apps.web.database'],
    ['clusters.local.database.external.user'],
  ]);
  const other = { ...api, mayLackService: true };
  expect(roleProblems({ ...EMPTY, schemas: [] }, [other], OWN, 'clusters.local').absent).toEqual(
    [],
  );
  expect(planRoles({ ...EMPTY, schemas: [] }, [other], OWN).before).toHaveLength(4);
  expect(roleProblems(EMPTY, [WEB], OWN, 'clusters.local')).toEqual({
    ...{ absent: [], taken: [], rights: [] },
  });
});
