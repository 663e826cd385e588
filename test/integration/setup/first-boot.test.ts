import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { logTail } from '../../../clients/docker/container-log.js';
import { runInContainer } from '../../../clients/docker/run-in-container.js';
import { mysql, postgres } from './bundled-databases.js';
import { createVolume, exitOf, PASSWORD, untilHealthy } from './database-container.js';

const SCRIPTS = 'docker-entrypoint-initdb.d';
const insert = (n: number) => `insert into t values (${n}, 'ü')`;

const DATABASES = [
  {
    name: 'postgres',
    ...postgres,
    directory: '/var/lib/postgresql/data',
    env: { POSTGRES_PASSWORD: PASSWORD, POSTGRES_DB: 'app' },
    anotherPassword: { POSTGRES_PASSWORD: 'ignored' },
    scripts: {
      [`${SCRIPTS}/1.sql`]: { text: 'create table t (n int, s text);' },
      [`${SCRIPTS}/2.sh`]: {
        text: `psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "${insert(2)}"; sleep 1`,
      },
      [`${SCRIPTS}/3.sh`]: {
        text: `#!/bin/sh\npsql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "${insert(3)}"\n`,
        mode: 0o755,
      },
      [`${SCRIPTS}/4.txt`]: { text: 'not for us' },
    },
    rows: '2|ü\n3|ü',
    sick: '2',
    shares: [0.2, 0.4, 0.6, 0.75, 0.9],
    current: 'select current_database()',
    failing: ['select 1/0;', 'division by zero'],
    others: ['letter.txt'],
    sleep: 'select pg_sleep(60)',
    farewell: 'database system is shut down',
  },
  {
    name: 'mysql',
    ...mysql,
    directory: '/var/lib/mysql',
    env: { MYSQL_ROOT_PASSWORD: PASSWORD, MYSQL_DATABASE: 'app' },
    anotherPassword: { MYSQL_ROOT_PASSWORD: 'ignored' },
    scripts: {
      [`${SCRIPTS}/1.sql`]: { text: 'create table t (n int, s char);' },
      [`${SCRIPTS}/2.sh`]: { text: `docker_process_sql <<<"${insert(2)}"; sleep 1` },
      [`${SCRIPTS}/3.sh`]: {
        text: `#!/bin/sh\nmysql -uroot -p"$MYSQL_ROOT_PASSWORD" "$MYSQL_DATABASE" -e "${insert(3)}"\n`,
        mode: 0o755,
      },
      [`${SCRIPTS}/4.sql.gz`]: { text: gzipSync(insert(4)) },
      [`${SCRIPTS}/5.txt`]: { text: 'not for us' },
    },
    rows: '2\tü\n3\tü\n4\tü',
    sick: '1',
    shares: [0.3, 0.5, 0.7, 0.9],
    current: 'select database()',
    failing: ['select nonsense;', "Unknown column 'nonsense'"],
    others: ['letter.txt', 'mysql/user.frm'],
    sleep: 'select sleep(60)',
    farewell: 'mysqld: Shutdown complete',
  },
] as const;

describe.each(DATABASES)('the first boot of $name', (database) => {
  const { create, query, start, directory, env } = database;

  it('runs scripts in order, keeps clients and health out meanwhile', async () => {
    const container = await create({ env, files: database.scripts });
    await container.start();
    const both = `healthcheck.sh; health=$?; test -e ${directory}/.first-boot; echo "$health $?"`;
    const seen = new Set<string>();
    for (let last = ''; last !== '0 1'; seen.add(last)) {
      const { output } = await runInContainer(container, ['/bin/bash', '-c', `{ ${both}; } 2>&1`]);
      last = output.split('\n').at(-1) ?? '';
    }
    // Never healthy (0) while the first boot lasts (0).
    expect(seen).not.toContain('0 0');
    expect(seen).toContain(`${database.sick} 0`);
    const rows = await query(container, 'select n, s from t order by n', { database: 'app' });
    expect(rows.output).toBe(database.rows);
    expect(await logTail(container, 10_000)).not.toContain(PASSWORD);
  });

  it('starts over when it was killed at any point', async () => {
    const begin = performance.now();
    await start({ env });
    const wholeMs = performance.now() - begin;
    for (const share of database.shares) {
      const container = await create({ env, volume: await createVolume() });
      await container.start();
      await new Promise((resolve) => setTimeout(resolve, share * wholeMs));
      await container.kill({ signal: 'SIGKILL' });
      await container.start();
      await untilHealthy(container);
      const current = await query(container, database.current, { database: 'app' });
      expect(current, `killed at ${share}`).toEqual({ exitCode: 0, output: 'app' });
      const left = await runInContainer(container, ['ls', '-A', directory]);
      expect(left.output).not.toContain('.first-boot');
    }
  });

  it('starts over after a script that failed, until it passes', async () => {
    const volume = await createVolume();
    const script = `${SCRIPTS}/1.sql`;
    const [wrong, reason] = database.failing;
    const bad = { [script]: { text: `create table t (n int); ${wrong}` } };
    const failing = await create({ env, volume, files: bad });
    await failing.start();
    const { code, log } = await exitOf(failing);
    expect(code).not.toBe(0);
    expect(log).toContain(reason);
    const good = { [script]: { text: 'create table t (n int);' } };
    const container = await start({ env, volume, files: good });
    const count = await query(container, 'select count(*) from t', { database: 'app' });
    expect(count.output).toBe('0');
  });

  it.each(database.others)('leaves files of others alone: %s', async (name) => {
    const volume = await createVolume();
    const files = { [`${directory.slice(1)}/${name}`]: { text: 'dear' } };
    const container = await create({ env, volume, files });
    await container.start();
    const { code, log } = await exitOf(container);
    expect(code).toBe(1);
    expect(log).toContain('is not empty and holds no database');
    expect(log).toContain(name.split('/')[0]);
  });
});

it.each([
  [{ MYSQL_DATABASE: 'x'.repeat(65) }, [], 'Incorrect database name'],
  [{}, ['--nonsense=1'], "unknown variable 'nonsense=1'"],
])('the first boot of mysql says why it cannot be done: %j %j', async (more, command, reason) => {
  const container = await mysql.create({
    env: { MYSQL_ROOT_PASSWORD: PASSWORD, ...more },
    command,
  });
  await container.start();
  const { code, log } = await exitOf(container);
  expect(code).toBe(1);
  expect(log).toContain(reason);
});

describe.each(DATABASES)('data of $name', (database) => {
  const { query, start, env } = database;

  it('survives a restart, a kill, and a new container with another password', async () => {
    const volume = await createVolume();
    const first = await start({ env, volume });
    const rows = (container: typeof first) =>
      query(container, 'select n from t', { database: 'app' });
    await query(first, 'create table t as select 7 as n', { database: 'app' });
    await first.restart();
    await untilHealthy(first);
    expect((await rows(first)).output).toBe('7');
    await first.kill({ signal: 'SIGKILL' });

    const second = await start({ env: database.anotherPassword, volume });
    expect((await rows(second)).output).toBe('7');
  });

  it('stops cleanly with a session open', async () => {
    const container = await start({ env });
    void query(container, database.sleep).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await container.stop();
    const { code, log } = await exitOf(container);
    expect(code).toBe(0);
    expect(log).toContain(database.farewell);
  });
});

it('data of mysql is served within half a gigabyte', async () => {
  const env = { MYSQL_ROOT_PASSWORD: PASSWORD };
  const container = await mysql.start({ env, memory: 512 * 2 ** 20 });
  const { memory_stats: memory } = await container.stats({ stream: false });
  expect(memory.usage).toBeLessThan(200 * 2 ** 20);
});
