import { describe, expect, it } from 'vitest';
import { logTail } from '../../../clients/docker/container-log.js';
import { runInContainer } from '../../../clients/docker/run-in-container.js';
import { mysql } from './bundled-databases.js';
import { exitOf, PASSWORD, untilHealthy, whatProcessesTell } from './database-container.js';

const { create, query, start } = mysql;
const env = { MYSQL_ROOT_PASSWORD: PASSWORD };
const wholeLog = 10_000;

describe('settings', () => {
  it('makes the database and its user, who sees nothing else', async () => {
    const container = await start({
      env: {
        ...env,
        MYSQL_DATABASE: 'my `data_base` ü%',
        MYSQL_USER: "o'neil\\",
        MYSQL_PASSWORD: 'x;\ny',
      },
    });
    const client = { user: "o'neil\\", password: 'x;\ny' };
    const databases = await query(container, 'show databases', client);
    expect(databases).toEqual({ exitCode: 0, output: 'information_schema\nmy `data_base` ü%' });
    const table = 'create table t (s varchar(9)); insert into t values ("ü€😀"); select s from t';
    const made = await query(container, table, { ...client, database: 'my `data_base` ü%' });
    expect(made.output).toBe('ü€😀');
    const other = await query(container, 'create database `my ``dataxbase`` ü%`', client);
    expect(other.output).toContain('Access denied');
    expect(await logTail(container, wholeLog)).not.toContain('x;');
  });

  it.each([
    ['quotes, backslash, dollar', 'a\'b"c\\d $x `y` \\n'],
    ['unicode and a newline at its end', 'pässwörd 😀\n'],
    ['statement', "';\nDROP DATABASE mysql;\n--"],
  ])('takes any password: %s', async (_, password) => {
    const container = await start({ env: { MYSQL_ROOT_PASSWORD: password } });
    expect((await query(container, 'select 42', { password })).output).toBe('42');
    const refused = await query(container, 'select 1', { password: password.trimEnd().slice(1) });
    expect(refused.output).toContain("Access denied for user 'root'");
    expect(await logTail(container, wholeLog)).not.toContain(password.trimEnd());
  });

  it('reads the password from a file that only root can read, and keeps it to itself', async () => {
    const container = await start({
      env: { MYSQL_ROOT_PASSWORD_FILE: '/run/clusterkit/password' },
      files: { 'run/clusterkit/password': { text: `${PASSWORD}\n`, mode: 0o600 } },
    });
    // The very query by which the kit asks whether its database is well.
    const health = `MYSQL_PWD="$(cat /run/clusterkit/password)" mysql -h "$(hostname)" -P 3306 -u root -N -e 'select 1'`;
    expect(await runInContainer(container, ['/bin/sh', '-c', health])).toEqual({
      exitCode: 0,
      output: '1',
    });
    const { toRoot, toOwner } = await whatProcessesTell(container, 'mysql');
    expect(toRoot).toContain('docker-init');
    expect(toOwner).toMatch(/^mysqld\s.*HOME=\/var\/lib\/mysql/m);
    expect(toRoot + toOwner).not.toContain(PASSWORD);
    expect(await logTail(container, wholeLog)).not.toContain(PASSWORD);
  });

  it('is what clients of MySQL 5.7 expect', async () => {
    const container = await start({ env, command: ['--max-connections=33'] });
    const asked = '@@character_set_server, @@max_connections, @@version, @@lower_case_table_names';
    const { output } = await query(container, `select ${asked}`);
    expect(output).toMatch(/^utf8mb4\t33\t10\.11\..*-MariaDB.*\t0$/);
    expect((await query(container, 'select @@sql_mode')).output).toBe(
      'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION',
    );
    const owner = await runInContainer(container, ['stat', '-c', '%U', '/var/lib/mysql/ibdata1']);
    expect(owner.output).toBe('mysql');
  });

  it('lets root in from where it is told', async () => {
    const near = await start({ env: { ...env, MYSQL_ROOT_HOST: 'localhost' } });
    expect((await query(near, 'select 1')).output).toContain('is not allowed to connect');
    const far = await start({ env: { ...env, MYSQL_ROOT_HOST: '172.%' } });
    expect((await query(far, 'select host from mysql.user where user = "root"')).output).toBe(
      '172.%\nlocalhost',
    );
  });

  it('makes a random password that is in a file, not in the log', async () => {
    const container = await start({ env: { MYSQL_RANDOM_ROOT_PASSWORD: 'yes' } });
    const log = await logTail(container, wholeLog);
    expect(log).toContain('root has a random password: see /var/lib/mysql/root-password');
    const file = '/var/lib/mysql/root-password';
    const kept = await runInContainer(container, [
      '/bin/sh',
      '-c',
      `stat -c %a ${file}; cat ${file}`,
    ]);
    const [mode, password = ''] = kept.output.split('\n');
    expect(mode).toBe('600');
    expect(password).toMatch(/^[\w-]{32}$/);
    expect(log).not.toContain(password);
    expect((await query(container, 'select 1', { password })).output).toBe('1');
  });

  it('starts open where that is asked for', async () => {
    const container = await start({ env: { MYSQL_ALLOW_EMPTY_PASSWORD: 'yes' } });
    expect((await query(container, 'select 1', { password: '' })).output).toBe('1');
    expect((await query(container, 'select 1', { password: 'any' })).output).toContain('denied');
  });

  it.each([
    [{}, 'no password: set MYSQL_ROOT_PASSWORD_FILE'],
    [{ ...env, MYSQL_ROOT_PASSWORD_FILE: '/run/x' }, 'MYSQL_ROOT_PASSWORD_FILE are both set'],
    [{ MYSQL_ROOT_PASSWORD_FILE: '/run/x' }, 'MYSQL_ROOT_PASSWORD_FILE: /run/x cannot be read'],
    [{ ...env, MYSQL_USER: 'ann' }, 'MYSQL_USER is ann, who has no password'],
    [{ ...env, MYSQL_PASSWORD: 'x' }, 'set MYSQL_USER'],
    [{ ...env, MYSQL_USER: 'root', MYSQL_PASSWORD: 'x' }, 'MYSQL_USER is root'],
  ])('refuses settings that do not fit: %j', async (settings, message) => {
    const container = await create({ env: settings });
    await container.start();
    const { code, log } = await exitOf(container);
    expect(code).toBe(1);
    expect(log).toContain(message);
  });

  it('runs as the user it is told, any number included', async () => {
    const tmpfs = { '/var/lib/mysql': 'uid=4711' };
    const container = await create({ env, user: '4711:4711', tmpfs });
    await container.start();
    await untilHealthy(container);
    expect((await query(container, 'select 1')).output).toBe('1');
    const owner = await runInContainer(container, ['stat', '-c', '%u', '/proc/1']);
    expect(owner.output).toBe('4711');
  });
});
