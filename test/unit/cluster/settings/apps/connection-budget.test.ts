import fc from 'fast-check';
import { expect, test } from 'vitest';
import { budgetProblems } from '../../../../../cluster/settings/apps/budget-problems.js';
import { connectionBudget } from '../../../../../cluster/settings/apps/connection-budget.js';
import type { AppSettings } from '../../../../../cluster/settings/apps/settings.js';

const SERVER = { image: 'prismagraphql/prisma:1.34', version: '1.34' };
const base = {
  path: 'clusters.local',
  settings: { server: SERVER, database: {} },
  apps: [
    { app: 'web', connections: 60 },
    { app: 'hello', connections: 30 },
  ],
  capacity: { maxConnections: 100 },
  isRelayed: false,
};

test('the problem lists every summand, and says by how much to lower them', () => {
  expect(connectionBudget(base)).toEqual({
    summands: [
      { what: 'the server', connections: 10 },
      { what: 'app web', connections: 60 },
      { what: 'app hello', connections: 30 },
      { what: 'the kit', connections: 4 },
    ],
    needed: 104,
    available: 97,
    problem: {
      path: 'clusters.local.apps',
      message:
        'server and applications may open 104 connections (the server 10, app web 60, app hello 30, the kit 4), and the database accepts 97 (max_connections 100, of which 3 are for its administrators)',
      hint: 'Lower connections of an application, or database.connectionLimit of the server, by 7 in all.',
    },
  });
});

test('old servers open more than their limit; an external database can be raised, the relay too bounds it', () => {
  const old = { server: { ...SERVER, version: '1.8' }, database: { connectionLimit: 3 } };
  expect(connectionBudget({ ...base, settings: old }).summands[0]?.connections).toBe(30);
  const external = { ...base, isRelayed: true };
  expect(connectionBudget(external).problem?.hint).toMatch(/by 7 in all; or raise max_connections/);
  const large = { ...external, capacity: { maxConnections: 1000, reserved: 10 } };
  expect(connectionBudget(large).problem).toBeUndefined();
  const many = { ...large, apps: [{ app: 'web', connections: 137 }] };
  expect(connectionBudget(many)).toMatchObject({
    ...{ needed: 151, available: 150 },
    problem: { message: expect.stringContaining('and the relay to the database accepts 150') },
  });
});

test('there is a problem exactly when the sum is more than the database has', () => {
  const number = fc.integer({ min: 1, max: 200 });
  fc.assert(
    fc.property(
      fc.array(number, { maxLength: 5 }),
      number,
      fc.boolean(),
      (all, most, isRelayed) => {
        const apps = all.map((connections, i) => ({ app: `a${i}`, connections }));
        const budget = connectionBudget({
          ...base,
          apps,
          isRelayed,
          capacity: { maxConnections: most },
        });
        const sum = all.reduce((a, b) => a + b, 0) + 14;
        expect(budget.needed).toBe(sum);
        expect(budget.problem !== undefined).toBe(sum > Math.min(most - 3, isRelayed ? 150 : most));
      },
    ),
  );
});

test('what shows before the database exists: an own one by its options, a managed one by its size', () => {
  const app = (connections: number) => ({ name: 'web', database: { connections } }) as AppSettings;
  const problems = (database: object, connections: number) =>
    budgetProblems('clusters.local', {
      ...{ server: SERVER, apps: [app(connections)] },
      database: { connector: 'postgres', image: 'postgres:15', ...database },
    }).length;
  expect([problems({}, 83), problems({}, 84)]).toEqual([0, 1]);
  // The kit raises the limit with that of the server: 120 + 20.
  expect([problems({ connectionLimit: 120 }, 13), problems({ connectionLimit: 120 }, 14)]).toEqual([
    ...[0, 1],
  ]);
  const managed = { managed: { version: '15', size: 'db-s-1vcpu-2gb', nodes: 1 } };
  expect([problems(managed, 33), problems(managed, 34)]).toEqual([0, 1]);
  expect(problems({ external: {} }, 1000)).toBe(0);
  expect(budgetProblems('clusters.local', { ...base.settings, database: {} as never })).toEqual([]);
});
