import { expect, onTestFinished, test } from 'vitest';
import { roleName } from '../../../apps/pool/role-name.js';
import { budgetProblems } from '../../../cluster/settings/apps/budget-problems.js';
import type { AppSettings } from '../../../cluster/settings/apps/settings.js';
import { checkDatabase } from '../../../targets/common/claim-database.js';
import { ExternalDatabase } from '../../support/external-database.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { PoolCluster } from '../../support/pool-cluster.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

test('a login that may not make roles is refused with what it lacks; with it, everything works', async () => {
  const external = await ExternalDatabase.start('postgres');
  onTestFinished(external.dispose);
  const cluster = await PoolCluster.relayed(external.login());
  const error = await kitErrorOf(() => cluster.ensure());
  expect([error.code, error.message]).toEqual([
    'database-role-refused',
    `clusters.${cluster.props.cluster}.database.external.user: user 'app_user' may not create the roles of applications with database: direct\n` +
      '  Let an administrator run: alter role "app_user" createrole',
  ]);

  await external.query('alter role app_user createrole');
  const { urls } = await cluster.ensure();
  const client = await cluster.client(urls.get('web'));
  expect((await client.query('select title from "Post"')).rows).toEqual([{ title: 'of blog$dev' }]);
  await expect(client.query('select * from management.project')).rejects.toThrow(
    'permission denied for schema management',
  );
  expect((await cluster.ensure()).outcome).toBe('already so');

  // A second cluster has another database of the same PostgreSQL, and an application of the same name.
  await external.query('create database app_two owner app_user', 'owner');
  const other = await PoolCluster.relayed(external.login({ database: 'app_two' }));
  const second = await other.ensure();
  const names = [cluster, other].map(({ props }) => roleName('web', { ...props, isRelayed: true }));
  const roles = () =>
    external.query<{ rolname: string }>(
      `select rolname from pg_roles where rolname like 'clusterkit%' order by 1`,
    );
  expect((await roles()).map(({ rolname }) => rolname)).toEqual([...names].sort());
  expect((await cluster.ensure({ apps: [] })).outcome).toBe('removed');
  expect((await roles()).map(({ rolname }) => rolname)).toEqual([names[1]]);
  const stays = await other.client(second.urls.get('web'));
  expect((await stays.query('select count(*)::int from "Post"')).rows).toEqual([{ count: 1 }]);
  expect((await other.ensure({ apps: [] })).outcome).toBe('removed');
  expect(await roles()).toEqual([]);
});

test('the connections of an external database are checked before anything is created', async () => {
  const external = await ExternalDatabase.start('postgres');
  onTestFinished(external.dispose);
  const keyDirectory = await temporaryDirectory();
  const check = (connections: number) =>
    checkDatabase(
      external.login(),
      {
        ...{ cluster: 'local', keyDirectory, version: '1.8', isBundled: true },
        budget: (capacity) =>
          budgetProblems(
            'clusters.local',
            {
              server: { image: 'clusterkit/dev-server:0.1.0', version: '1.8' },
              database: { connector: 'postgres', image: '', external: {} as never },
              apps: [{ name: 'web', database: { connections } } as AppSettings],
            },
            capacity,
          ),
      },
      { path: 'clusters.local.database.external', passwordKey: 'passwordFile' },
    );
  await check(136);
  const error = await kitErrorOf(() => check(190));
  expect([error.code, error.problems[0]?.path, error.problems[0]?.message]).toEqual([
    'database-unfit',
    'clusters.local.apps',
    'server and applications may open 204 connections (the server 10, app web 190, the kit 4), and the relay to the database accepts 150',
  ]);
});
