import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { engine, tracesOf } from '../../support/engine-traces.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { PoolCluster } from '../../support/pool-cluster.js';

test('an application reads and writes the tables of its service, and nothing else', async () => {
  const cluster = await PoolCluster.start();
  const { urls, outcome } = await cluster.ensure();
  expect(outcome).toBe('changed');
  const url = urls.get('web');
  expect(url?.reveal()).toMatch(/^postgresql:\/\/clusterkit_web:[\w-]{43}@pool:5432\/prisma$/);
  const client = await cluster.client(url);
  const rows = async (sql: string) => (await client.query(sql)).rows;
  expect(await rows('select title from "Post"')).toEqual([{ title: 'of blog$dev' }]);
  expect(await rows(`insert into "Post" (title) values ('new') returning id`)).toEqual([{ id: 2 }]);
  await cluster.query(
    'create table "blog$dev"."Later" (id int); insert into "blog$dev"."Later" values (7)',
  );
  expect(await rows('select id from "Later"')).toEqual([{ id: 7 }]);
  const refusal = (sql: string) =>
    client.query(sql).then(
      () => 'accepted',
      (error: Error) => error.message,
    );
  expect({
    management: await refusal('select * from management.project'),
    otherService: await refusal('select * from "shop$dev"."Post"'),
    newTable: await refusal('create table "blog$dev".mine (id int)'),
    newSchema: await refusal('create schema mine'),
    publicTable: await refusal('create table public.mine (id int)'),
    dropped: await refusal('drop table "Post"'),
    role: await refusal('create role other'),
    passwords: await refusal('select * from pg_authid'),
    server: await refusal('set role prisma'),
  }).toEqual({
    management: 'permission denied for schema management',
    otherService: 'permission denied for schema shop$dev',
    newTable: 'permission denied for schema blog$dev',
    newSchema: 'permission denied for database prisma',
    publicTable: 'permission denied for schema public',
    dropped: 'must be owner of table Post',
    role: 'permission denied to create role',
    passwords: 'permission denied for table pg_authid',
    server: 'permission denied to set role "prisma"',
  });
  await expect(cluster.client(url, { database: 'pgbouncer' })).rejects.toThrow('not allowed');
});

test('a second run changes nothing; its parts are unprivileged, and its files private', async () => {
  const cluster = await PoolCluster.start();
  const first = await cluster.ensure();
  const facts = async () => {
    const { Id, State, HostConfig, Config } = await cluster.container('pool').inspect();
    return { Id, since: State.StartedAt, HostConfig, Config };
  };
  const before = await facts();
  const xmins = () => cluster.query('select oid, xmin from pg_authid order by 1');
  const roles = await xmins();
  const again = await cluster.ensure();
  expect(again.outcome).toBe('already so');
  expect(again.urls.get('web')?.reveal()).toBe(first.urls.get('web')?.reveal());
  expect(await facts()).toEqual(before);
  expect(await xmins()).toEqual(roles);
  expect(before.Config.User).toBe('999:999');
  expect(before.HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'] });
  const password = new URL(first.urls.get('web')?.reveal() ?? '').password;
  expect(JSON.stringify(before)).not.toContain(password);
  const { keyDirectory } = cluster.props;
  expect(await readdir(keyDirectory)).toEqual(['database-password-of-web']);
  expect((await stat(join(keyDirectory, 'database-password-of-web'))).mode & 0o777).toBe(0o600);
  const couriers = await engine.listContainers({ all: true, filters: { name: ['courier'] } });
  expect(couriers.filter(({ Names }) => Names[0]?.includes(cluster.props.cluster))).toEqual([]);
});

test('a lost right comes back, a former service goes, and roles go with their applications', async () => {
  const cluster = await PoolCluster.start();
  const shop = { app: 'shop', schema: 'shop$dev', connections: 2 };
  await cluster.ensure({ apps: [...cluster.props.apps, shop] });
  // A service that is deleted and deployed again has a new schema.
  await cluster.query(`drop schema "blog$dev" cascade; create schema "blog$dev";
    create table "blog$dev"."Post" (title text); insert into "blog$dev"."Post" values ('again')`);
  const { urls } = await cluster.ensure({ apps: [...cluster.props.apps, shop] });
  const web = await cluster.client(urls.get('web'));
  expect((await web.query('select title from "Post"')).rows).toEqual([{ title: 'again' }]);

  const moved = { app: 'web', schema: 'shop$dev', connections: 3 };
  await cluster.ensure({ apps: [moved] });
  await web.query('set search_path to default');
  await expect(web.query('select * from "blog$dev"."Post"')).rejects.toThrow('permission denied');
  expect((await web.query('select title from "shop$dev"."Post"')).rows).toEqual([
    { title: 'of shop$dev' },
  ]);
  const roles = () =>
    cluster.query(
      `select rolname as name from pg_roles where rolname like 'clusterkit%' order by 1`,
    );
  expect(await roles()).toEqual([{ name: 'clusterkit_web' }]);
  expect(await readdir(cluster.props.keyDirectory)).toEqual(['database-password-of-web']);

  expect((await cluster.ensure({ apps: [] })).outcome).toBe('removed');
  expect(await roles()).toEqual([]);
  expect(await readdir(cluster.props.keyDirectory)).toEqual([]);
  expect((await tracesOf(cluster.props.cluster)).filter((name) => name.endsWith('pool'))).toEqual(
    [],
  );
  expect((await cluster.ensure({ apps: [] })).outcome).toBe('none');
});

test('refuses before it changes anything: no schema, too many connections, a role of others', async () => {
  const cluster = await PoolCluster.start(['-c', 'max_connections=25']);
  const [web] = cluster.props.apps;
  if (web === undefined) throw new Error('no application');
  const absent = await kitErrorOf(() => cluster.ensure({ apps: [{ ...web, schema: 'gone$dev' }] }));
  expect([absent.code, absent.message]).toEqual([
    'service-absent',
    `clusters.${cluster.props.cluster}.apps.web.database: the database has no schema 'gone$dev': its service is not deployed\n` +
      '  Deploy the service first (`clusterkit deploy`), then the application.',
  ]);
  const short = await kitErrorOf(() => cluster.ensure({ apps: [{ ...web, connections: 10 }] }));
  expect([short.code, short.message]).toEqual([
    'connections-short',
    `clusters.${cluster.props.cluster}.apps: server and applications may open 24 connections (the server 10, app web 10, the kit 4), and the database accepts 22 (max_connections 25, of which 3 are for its administrators)\n` +
      '  Lower connections of an application, or database.connectionLimit of the server, by 2 in all.',
  ]);
  await cluster.query('create role clusterkit_web');
  const taken = await kitErrorOf(() => cluster.ensure());
  expect(taken.code).toBe('database-role-taken');
  expect(
    await cluster.query(`select rolcanlogin from pg_roles where rolname like 'clusterkit%'`),
  ).toEqual([{ rolcanlogin: false }]);
  expect((await tracesOf(cluster.props.cluster)).filter((name) => name.endsWith('pool'))).toEqual(
    [],
  );
});
