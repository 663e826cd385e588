import { describe, expect, it } from 'vitest';
import { runInContainer } from '../../../clients/docker/run-in-container.js';
import { postgres } from './bundled-databases.js';
import { exitOf, PASSWORD, untilHealthy, whatProcessesTell } from './database-container.js';

const { create, query, start } = postgres;
const env = { POSTGRES_PASSWORD: PASSWORD };

describe('settings', () => {
  it('makes the user and the database, and lets nobody in without the password', async () => {
    const named = { POSTGRES_USER: 'prisma', POSTGRES_DB: 'my "data" base' };
    const container = await start({ env: { ...env, ...named } });
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
    const container = await start({
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
    const container = await create({});
    await container.start();
    const { code, log } = await exitOf(container);
    expect(code).toBe(1);
    expect(log).toContain('no password: set POSTGRES_PASSWORD_FILE');
  });

  it('refuses a password that is set twice, and a file that is not there', async () => {
    const twice = await create({ env: { ...env, POSTGRES_PASSWORD_FILE: '/run/x' } });
    await twice.start();
    expect((await exitOf(twice)).log).toContain('POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE');
    const missing = await create({ env: { POSTGRES_PASSWORD_FILE: '/run/x' } });
    await missing.start();
    expect((await exitOf(missing)).log).toContain('/run/x cannot be read');
  });

  it('starts open where trust is asked for', async () => {
    const container = await start({ env: { POSTGRES_HOST_AUTH_METHOD: 'trust' } });
    expect((await query(container, 'select 1', { password: 'any' })).output).toBe('1');
  });

  it('hands arguments to the server and to initdb, and runs as the user it is told', async () => {
    const container = await create({
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
