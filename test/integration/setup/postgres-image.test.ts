import { describe, expect, it } from 'vitest';
import { runInContainer } from '../../../clients/docker/run-in-container.js';
import {
  createVolume,
  exitOf,
  PASSWORD,
  untilHealthy,
  whatProcessesTell,
} from './database-container.js';
import { createPostgres, query, startPostgres } from './postgres-container.js';

const env = { POSTGRES_PASSWORD: PASSWORD };

describe('settings', () => {
  it('makes the user and the database, and lets nobody in without the password', async () => {
    const named = { POSTGRES_USER: 'prisma', POSTGRES_DB: 'my "data" base' };
    const container = await startPostgres({ env: { ...env, ...named } });
    const client = { user: 'prisma', database: 'my "data" base' };
    const owner = await query(
      container,
      `select datname, pg_get_userbyid(datdba), datcollate from pg_database where datname like 'my%'`,
      client,
    );
    expect(owner).toEqual({ exitCode: 0, output: 'my "data" base|prisma|C.UTF-8' });
    const refused = await query(container, 'select 1', { ...client, password: 'another' });
    expect(refused.output).toContain('password authentication failed for user "prisma"');
    const stored = await query(container, 'select left(rolpassword, 13) from pg_authid', client);
    expect(stored.output).toContain('SCRAM-SHA-256');
  });

  it('reads the password from a file that only root can read, and keeps it to itself', async () => {
    const container = await startPostgres({
      env: { POSTGRES_PASSWORD_FILE: '/run/password' },
      files: { 'run/password': { text: `${PASSWORD}\n`, mode: 0o600 } },
    });
    expect((await query(container, 'select 42')).output).toBe('42');

    const { toRoot, toOwner } = await whatProcessesTell(container, 'postgres');
    expect(toRoot).toContain('docker-init');
    expect(toOwner).toMatch(/^postgres\s.*PGDATA=/m);
    expect(toRoot + toOwner).not.toContain(PASSWORD);
  });

  it('refuses to start without a password', async () => {
    const container = await createPostgres({});
    await container.start();
    const { code, log } = await exitOf(container);
    expect(code).toBe(1);
    expect(log).toContain('no password: set POSTGRES_PASSWORD_FILE');
  });

  it('refuses a password that is set twice, and a file that is not there', async () => {
    const twice = await createPostgres({ env: { ...env, POSTGRES_PASSWORD_FILE: '/run/x' } });
    await twice.start();
    expect((await exitOf(twice)).log).toContain('POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE');
    const missing = await createPostgres({ env: { POSTGRES_PASSWORD_FILE: '/run/x' } });
    await missing.start();
    expect((await exitOf(missing)).log).toContain('/run/x cannot be read');
  });

  it('starts open where trust is asked for', async () => {
    const container = await startPostgres({ env: { POSTGRES_HOST_AUTH_METHOD: 'trust' } });
    expect((await query(container, 'select 1', { password: 'any' })).output).toBe('1');
  });

  it('hands arguments to the server and to initdb, and runs as the user it is told', async () => {
    const container = await createPostgres({
      env: { ...env, POSTGRES_INITDB_ARGS: '--data-checksums' },
      user: 'postgres',
    });
    await container.start();
    await untilHealthy(container);
    expect((await query(container, 'show data_checksums')).output).toBe('on');
    const id = await runInContainer(container, ['stat', '-c', '%U', '/proc/1']);
    expect(id.output).toBe('postgres');
  });
});

describe('the first boot', () => {
  it('runs scripts in order, keeps clients and health out meanwhile', async () => {
    const container = await createPostgres({
      env: { ...env, POSTGRES_DB: 'app' },
      files: {
        'docker-entrypoint-initdb.d/1.sql': { text: 'create table t (n int);' },
        'docker-entrypoint-initdb.d/2.sh': {
          text: 'psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "insert into t values (2)"; sleep 1',
        },
        'docker-entrypoint-initdb.d/3.sh': {
          text: '#!/bin/sh\npsql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "insert into t values (3)"\n',
          mode: 0o755,
        },
        'docker-entrypoint-initdb.d/4.txt': { text: 'not for us' },
      },
    });
    await container.start();
    const marker = '/var/lib/postgresql/data/.first-boot';
    const both = `healthcheck.sh; health=$?; test -e ${marker}; echo "$health $?"`;
    const seen = new Set<string>();
    for (let last = ''; last !== '0 1'; seen.add(last)) {
      const { output } = await runInContainer(container, ['/bin/bash', '-c', `{ ${both}; } 2>&1`]);
      last = output.split('\n').at(-1) ?? '';
    }
    // Never healthy (0) while the first boot lasts (0).
    expect(seen).not.toContain('0 0');
    expect(seen).toContain('2 0');
    const rows = await query(container, 'select n from t order by n', { database: 'app' });
    expect(rows.output).toBe('2\n3');
  });

  it('starts over when it was killed at any point', async () => {
    const start = performance.now();
    await startPostgres({ env });
    const wholeMs = performance.now() - start;
    for (const share of [0.2, 0.4, 0.6, 0.75, 0.9]) {
      const volume = await createVolume();
      const container = await createPostgres({ env: { ...env, POSTGRES_DB: 'app' }, volume });
      await container.start();
      await new Promise((resolve) => setTimeout(resolve, share * wholeMs));
      await container.kill({ signal: 'SIGKILL' });
      await container.start();
      await untilHealthy(container);
      const database = await query(container, 'select current_database()', { database: 'app' });
      expect(database, `killed at ${share}`).toEqual({ exitCode: 0, output: 'app' });
      const left = await runInContainer(container, ['ls', '-A', '/var/lib/postgresql/data']);
      expect(left.output).not.toContain('.first-boot');
    }
  });

  it('starts over after a script that failed, until it passes', async () => {
    const volume = await createVolume();
    const script = 'docker-entrypoint-initdb.d/1.sql';
    const bad = await createPostgres({
      env,
      volume,
      files: { [script]: { text: 'create table t (n int); select 1/0;' } },
    });
    await bad.start();
    const { code, log } = await exitOf(bad);
    expect(code).not.toBe(0);
    expect(log).toContain('division by zero');
    const good = { [script]: { text: 'create table t (n int);' } };
    const container = await startPostgres({ env, volume, files: good });
    expect((await query(container, 'select count(*) from t')).output).toBe('0');
  });

  it('leaves a directory with someone else’s files alone', async () => {
    const volume = await createVolume();
    const file = { 'var/lib/postgresql/data/letter.txt': { text: 'dear' } };
    const container = await createPostgres({ env, volume, files: file });
    await container.start();
    const { code, log } = await exitOf(container);
    expect(code).toBe(1);
    expect(log).toContain('is not empty and holds no database');
    expect(log).toContain('letter.txt');
  });
});

describe('data', () => {
  it('survives a restart, and a new container with another password in its environment', async () => {
    const volume = await createVolume();
    const first = await startPostgres({ env, volume });
    await query(first, 'create table t as select 7 as n');
    await first.restart();
    await untilHealthy(first);
    expect((await query(first, 'select n from t')).output).toBe('7');
    await first.stop();

    const second = await startPostgres({ env: { POSTGRES_PASSWORD: 'ignored' }, volume });
    expect((await query(second, 'select n from t')).output).toBe('7');
  });

  it('stops within a second, cleanly, with a session open', async () => {
    const container = await startPostgres({ env });
    void query(container, 'select pg_sleep(60)').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const start = performance.now();
    await container.stop();
    expect(performance.now() - start).toBeLessThan(1000);
    const { code, log } = await exitOf(container);
    expect(code).toBe(0);
    expect(log).toContain('database system is shut down');
  });
});
