import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { logTail } from '../../../clients/docker/container-log.js';
import { runInContainer } from '../../../clients/docker/run-in-container.js';
import { createVolume, exitOf, PASSWORD, untilHealthy } from './database-container.js';
import { createMysql, query, startMysql } from './mysql-container.js';

const env = { MYSQL_ROOT_PASSWORD: PASSWORD };

describe('the first boot', () => {
  it('runs scripts in order, keeps clients and health out meanwhile', async () => {
    const insert = (n: number) => `insert into t values (${n}, "ü")`;
    const container = await createMysql({
      env: { ...env, MYSQL_DATABASE: 'app' },
      files: {
        'docker-entrypoint-initdb.d/1.sql': { text: 'create table t (n int, s char);' },
        'docker-entrypoint-initdb.d/2.sh': {
          text: `docker_process_sql <<<'${insert(2)}'; sleep 1`,
        },
        'docker-entrypoint-initdb.d/3.sh': {
          text: `#!/bin/sh\nmysql -uroot -p"$MYSQL_ROOT_PASSWORD" "$MYSQL_DATABASE" -e '${insert(3)}'\n`,
          mode: 0o755,
        },
        'docker-entrypoint-initdb.d/4.sql.gz': { text: gzipSync(insert(4)) },
        'docker-entrypoint-initdb.d/5.txt': { text: 'not for us' },
      },
    });
    await container.start();
    const both = 'healthcheck.sh; health=$?; test -e /var/lib/mysql/.first-boot; echo "$health $?"';
    const seen = new Set<string>();
    for (let last = ''; last !== '0 1'; seen.add(last)) {
      const { output } = await runInContainer(container, ['/bin/bash', '-c', `{ ${both}; } 2>&1`]);
      last = output.split('\n').at(-1) ?? '';
    }
    // Never healthy (0) while the first boot lasts (0).
    expect(seen).not.toContain('0 0');
    expect(seen).toContain('1 0');
    const rows = await query(container, 'select n, s from t order by n', { database: 'app' });
    expect(rows.output).toBe('2\tü\n3\tü\n4\tü');
    expect(await logTail(container, 10_000)).not.toContain(PASSWORD);
  });

  it('starts over when it was killed at any point', async () => {
    const start = performance.now();
    await startMysql({ env });
    const wholeMs = performance.now() - start;
    for (const share of [0.3, 0.5, 0.7, 0.9]) {
      const volume = await createVolume();
      const container = await createMysql({ env: { ...env, MYSQL_DATABASE: 'app' }, volume });
      await container.start();
      await new Promise((resolve) => setTimeout(resolve, share * wholeMs));
      await container.kill({ signal: 'SIGKILL' });
      await container.start();
      await untilHealthy(container);
      const database = await query(container, 'select database()', { database: 'app' });
      expect(database, `killed at ${share}`).toEqual({ exitCode: 0, output: 'app' });
      const left = await runInContainer(container, ['ls', '-A', '/var/lib/mysql']);
      expect(left.output).not.toContain('.first-boot');
    }
  });

  it('starts over after a script that failed, until it passes', async () => {
    const volume = await createVolume();
    const script = 'docker-entrypoint-initdb.d/1.sql';
    const settings = { ...env, MYSQL_DATABASE: 'app' };
    const bad = await createMysql({
      env: settings,
      volume,
      files: { [script]: { text: 'create table t (n int); select nonsense;' } },
    });
    await bad.start();
    const { code, log } = await exitOf(bad);
    expect(code).not.toBe(0);
    expect(log).toContain("Unknown column 'nonsense'");
    const good = { [script]: { text: 'create table t (n int);' } };
    const container = await startMysql({ env: settings, volume, files: good });
    expect((await query(container, 'select count(*) from app.t')).output).toBe('0');
  });

  it.each([
    [{ env: { ...env, MYSQL_DATABASE: 'x'.repeat(65) } }, 'Incorrect database name'],
    [{ env, command: ['--nonsense=1'] }, "unknown variable 'nonsense=1'"],
  ])('says why it cannot be done: %j', async (props, reason) => {
    const container = await createMysql(props);
    await container.start();
    const { code, log } = await exitOf(container);
    expect(code).toBe(1);
    expect(log).toContain(reason);
  });

  it.each(['letter.txt', 'mysql/user.frm'])('leaves files of others alone: %s', async (name) => {
    const volume = await createVolume();
    const file = { [`var/lib/mysql/${name}`]: { text: 'dear' } };
    const container = await createMysql({ env, volume, files: file });
    await container.start();
    const { code, log } = await exitOf(container);
    expect(code).toBe(1);
    expect(log).toContain('is not empty and holds no database');
    expect(log).toContain(name.split('/')[0]);
  });
});

describe('data', () => {
  it('survives a restart, and a new container with another password in its environment', async () => {
    const volume = await createVolume();
    const first = await startMysql({ env: { ...env, MYSQL_DATABASE: 'app' }, volume });
    await query(first, 'create table t as select 7 as n', { database: 'app' });
    await first.restart();
    await untilHealthy(first);
    expect((await query(first, 'select n from app.t')).output).toBe('7');
    await first.kill({ signal: 'SIGKILL' });

    const second = await startMysql({ env: { MYSQL_ROOT_PASSWORD: 'ignored' }, volume });
    expect((await query(second, 'select n from app.t')).output).toBe('7');
  });

  it('stops cleanly with a session open', async () => {
    const container = await startMysql({ env });
    void query(container, 'select sleep(60)').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await container.stop();
    const { code, log } = await exitOf(container);
    expect(code).toBe(0);
    expect(log).toContain('mysqld: Shutdown complete');
  });

  it('is served within half a gigabyte', async () => {
    const container = await startMysql({ env, memory: 512 * 2 ** 20 });
    const { memory_stats: memory } = await container.stats({ stream: false });
    expect(memory.usage).toBeLessThan(200 * 2 ** 20);
  });
});
