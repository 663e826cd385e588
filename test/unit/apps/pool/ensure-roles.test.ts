import { expect, test } from 'vitest';
import { SqlError } from '../../../../apps/pool/database-client.js';
import { ensureRoles } from '../../../../apps/pool/ensure-roles.js';
import { Secret } from '../../../../lib/secret.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

const USER = {
  ...{ app: 'web', role: 'clusterkit_web', schema: 'blog$dev', connections: 5 },
  password: new Secret('a-password'),
};
const CLUSTER = {
  ...{ cluster: 'local', identity: 'one' },
  database: { user: 'prisma', database: 'prisma', isRelayed: false },
};

/** A database without roles that answers a change with each of `failures` first. */
function databaseWith(failures: readonly SqlError[]) {
  const left = [...failures];
  const changes: string[] = [];
  const run = async (sql: string) => {
    if (!sql.startsWith('create role')) {
      return JSON.stringify({
        ...{ version: 150_000, maxConnections: 100, reserved: 3, isSuper: true },
        ...{ canCreateRoles: true, schemas: [{ name: 'blog$dev', owner: 'prisma' }], roles: [] },
      });
    }
    changes.push(sql);
    const failure = left.shift();
    if (failure !== undefined) throw failure;
    return '';
  };
  return { run, changes };
}

const ensure = ({ run }: ReturnType<typeof databaseWith>) =>
  ensureRoles(run, CLUSTER, [USER], () => {});

test('a server that changes its tables at the same moment is no obstacle', async () => {
  const database = databaseWith([new SqlError('XX000', 'tuple concurrently updated')]);
  expect((await ensure(database)).isChanged).toBe(true);
  expect(database.changes).toHaveLength(2);
  expect(database.changes.join()).not.toContain('a-password');
});

test('a lack of rights and other failures are told at once, each with its code', async () => {
  const refused = databaseWith([new SqlError('42501', 'permission denied for table Post')]);
  const error = await kitErrorOf(() => ensure(refused));
  expect([error.code, error.problems[0]?.path, refused.changes.length]).toEqual([
    ...['database-role-refused', 'clusters.local.database', 1],
  ]);
  const full = databaseWith([new SqlError('53100', 'no space left on device')]);
  expect((await kitErrorOf(() => ensure(full))).code).toBe('database-unusable');
});
