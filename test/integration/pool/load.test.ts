import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { poolState } from '../../../apps/pool/pool-state.js';
import { retryUntil } from '../../../lib/retry-until.js';
import type { Secret } from '../../../lib/secret.js';
import { engine } from '../../support/engine-traces.js';
import { PoolCluster } from '../../support/pool-cluster.js';

const ROLE = 'clusterkit_web';

/** Samples how many connections the role has in the database, until `work` ends. */
async function mostDuring(cluster: PoolCluster, work: () => Promise<void>): Promise<number[]> {
  const client = await cluster.ofServer();
  const samples: number[] = [];
  let isDone = false;
  const sampling = (async () => {
    while (!isDone) {
      const { rows } = await client.query(
        `select count(*)::int as n from pg_stat_activity where usename = $1`,
        [ROLE],
      );
      samples.push(rows[0].n);
      await sleep(5);
    }
  })();
  await work().finally(() => {
    isDone = true;
  });
  await sampling;
  return samples;
}

/** What becomes of one query of a new client. */
async function outcome(cluster: PoolCluster, url: Secret | undefined, sql: string) {
  const client = await cluster.client(url);
  try {
    await client.query(sql);
    return 'served';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await client.end();
  }
}

const counted = (all: readonly string[]) => {
  const counts: Record<string, number> = {};
  for (const each of all) counts[each] = (counts[each] ?? 0) + 1;
  return counts;
};

const times = <T>(n: number, make: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: n }, (_, i) => make(i)));

test('a spike of 200 clients has the connections of the limit, and all are served', async () => {
  const cluster = await PoolCluster.start();
  const { urls } = await cluster.ensure();
  const url = urls.get('web');
  let outcomes: string[] = [];
  const samples = await mostDuring(cluster, async () => {
    outcomes = await times(200, () => outcome(cluster, url, 'select pg_sleep(0.02)'));
  });
  expect(counted(outcomes)).toEqual({ served: 200 });
  expect(Math.max(...samples)).toBe(3);
  expect(samples.length).toBeGreaterThan(10);
});

test('who waits too long gets an error; the limit holds while it rises and falls', async () => {
  const cluster = await PoolCluster.start();
  const { urls } = await cluster.ensure({ waitSeconds: 1 });
  const url = urls.get('web');
  const samples = await mostDuring(cluster, async () => {
    const outcomes = counted(await times(9, () => outcome(cluster, url, 'select pg_sleep(3)')));
    expect(outcomes).toEqual({ served: 3, query_wait_timeout: 6 });
  });
  expect(Math.max(...samples)).toBe(3);
  const limited = (connections: number) =>
    cluster.ensure({ apps: [{ app: 'web', schema: 'blog$dev', connections }] });
  const spike = async () => {
    await times(30, () => outcome(cluster, url, 'select pg_sleep(0.05)'));
  };
  await limited(5);
  expect(Math.max(...(await mostDuring(cluster, spike)))).toBe(5);
  await limited(2);
  await retryUntil(
    async () => {
      const [row] = await cluster.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity where usename = '${ROLE}'`,
      );
      if (row === undefined || row.n > 2) throw new Error(`${row?.n} connections are left`);
    },
    { timeoutMs: 20_000 },
  );
  expect(Math.max(...(await mostDuring(cluster, spike)))).toBe(2);
});

test('reloads under load lose nothing', async () => {
  const cluster = await PoolCluster.start();
  const { urls } = await cluster.ensure();
  const url = urls.get('web');
  const clients = await times(10, () => cluster.client(url));
  let isDone = false;
  const load = Promise.all(
    clients.map(async (client) => {
      let served = 0;
      while (!isDone) {
        await client.query('begin');
        await client.query('select count(*) from "Post"');
        await client.query('commit');
        served += 1;
      }
      return served;
    }),
  );
  const [web] = cluster.props.apps;
  if (web === undefined) throw new Error('no application');
  const shop = { app: 'shop', schema: 'shop$dev', connections: 2 };
  try {
    expect((await cluster.ensure({ apps: [web, shop] })).outcome).toBe('changed');
    expect((await cluster.ensure({ apps: [{ ...web, connections: 6 }, shop] })).outcome).toBe(
      'changed',
    );
    expect((await cluster.ensure({ apps: [{ ...web, connections: 2 }] })).outcome).toBe('changed');
  } finally {
    isDone = true;
  }
  for (const served of await load) expect(served).toBeGreaterThan(1);
});

test('a frozen client keeps its connection; a restarted database is found again', async () => {
  const cluster = await PoolCluster.start();
  const { urls } = await cluster.ensure();
  const client = await cluster.frozenClient(urls.get('web'));
  const first = await client.ask();
  await client.container.pause();
  await sleep(2000);
  // The connection to the database is free for others while its client is frozen.
  const others = await times(20, () => outcome(cluster, urls.get('web'), 'select 1'));
  expect(counted(others)).toEqual({ served: 20 });
  await client.container.unpause();
  expect(await client.ask()).toEqual(first);

  await cluster.container('database').restart();
  await retryUntil(() => cluster.query('select 1'), { timeoutMs: 60_000 });
  await retryUntil(
    async () => expect(await outcome(cluster, urls.get('web'), 'select 1')).toBe('served'),
    { timeoutMs: 30_000 },
  );
  const states = await poolState(engine, cluster.props.cluster);
  expect(states?.map(({ role }) => role)).toEqual([ROLE]);
});

test('what transaction pooling does with prepared statements and session state', async () => {
  const cluster = await PoolCluster.start();
  const { urls } = await cluster.ensure();
  const url = urls.get('web');
  const [one, two] = [await cluster.client(url), await cluster.client(url)];
  // Parameters alone make no named statement: these work.
  const found = async (client: pg.Client) =>
    (await client.query('select title from "Post" where id = $1', [1])).rows;
  expect([await found(one), await found(two)]).toEqual(Array(2).fill([{ title: 'of blog$dev' }]));
  // The driver refuses what only direct connections have.
  await expect(cluster.client(url, { statement_timeout: 1000 })).rejects.toThrow(
    'unsupported startup parameter: statement_timeout',
  );
  const named = { name: 'by-id', text: 'select title from "Post" where id = $1', values: [1] };
  await one.query(named);
  // The same connection of the database has the statement already.
  await expect(two.query(named)).rejects.toThrow('prepared statement "by-id" already exists');
});
