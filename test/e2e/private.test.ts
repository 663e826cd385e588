import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cdktf, makeCdktfProject } from '../support/cdktf-project.js';
import { TestAuthority } from '../support/certificates.js';
import { engine, tracesOf } from '../support/engine-traces.js';
import { expectUnchanged } from '../support/expect-unchanged.js';
import { ExternalDatabase } from '../support/external-database.js';
import { freePort } from '../support/free-port.js';
import { installRealCli, realCli } from '../support/real-cli.js';
import { query, USERS_AND_POSTS, writeService } from '../support/service.js';
import { TestCluster } from '../support/test-cluster.js';

/** Left by somebody else; must be there byte for byte after every refusal. */
const FOREIGN = '# mine\nclusters:\n  office: {host: "http://office.example.com:4466"}\n';

describe('a private cluster, on a PostgreSQL with TLS that is no part of it', () => {
  let database: ExternalDatabase;
  let cluster: TestCluster;
  let service: string;
  let token: string;
  const prisma = (...argv: string[]) =>
    realCli('1.6.3', argv, { cwd: service, home: cluster.home });
  const api = () => `${cluster.endpoint}/blog/dev`;
  const emails = () => query(api(), '{ users { email } }', token);
  const ANNA = { data: { users: [{ email: 'anna@example.com' }] } };

  /** Writes `clusters.yml` with another setting or two of the database. */
  const configure = (different: Readonly<Record<string, unknown>> = {}) => {
    const { host, port, user } = database;
    const external = {
      ...{ connector: 'postgres', host, port, user, database: database.database },
      ...{ passwordFile: 'database-password', caFile: 'ca.pem', ...different },
    };
    return cluster.configure({ more: { database: { external } } });
  };
  const password = (text: string) =>
    writeFile(join(cluster.directory, 'database-password'), `${text}\n`, { mode: 0o600 });

  beforeAll(async () => {
    await installRealCli('1.6.3');
    database = await ExternalDatabase.start('postgres');
    cluster = await TestCluster.create();
    service = join(cluster.directory, 'service');
    const other = await TestAuthority.create();
    await writeFile(join(cluster.directory, 'ca.pem'), database.authority.certificate);
    await writeFile(join(cluster.directory, 'other-ca.pem'), other.certificate);
    await password(database.password);
    await configure();
    await cluster.writeRegistry(FOREIGN);
  });
  afterAll(async () => {
    await cluster?.dispose();
    await database?.dispose();
  });

  test.each<[string, string, Record<string, unknown>, string, string, RegExp]>([
    ['a wrong password', 'wrong', {}, 'login-refused', 'passwordFile', /refuses user 'app_user'/],
    ['a wrong authority', '', { caFile: 'other-ca.pem' }, 'untrusted', 'caFile', /is not trusted/],
    ['another name', '', { host: 'localhost' }, 'untrusted', 'host', /is for another name/],
    ['no such host', '', { host: 'nowhere.invalid' }, 'unreachable', 'host', /there is no host/],
    ['nobody on the port', '', { port: 1 }, 'unreachable', 'port', /refuses connections/],
    ['no such database', '', { database: 'nothing' }, 'missing', 'database', /is no database/],
    ['rights that lack', '', { user: 'guest' }, 'unfit', 'user', /lacks CREATE on database/],
  ])('%s: an error before anything is made', async (_what, secret, different, code, key, words) => {
    await database
      .query(`create role guest login password '${database.password}'`)
      .catch(() => undefined);
    await password(secret || database.password);
    await configure(different);
    const { stdout, exitCode } = await cluster.up('--json');
    const { error } = JSON.parse(stdout) as {
      error: { code: string; problems: { path: string; message: string; hint: string }[] };
    };
    expect(error).toMatchObject({
      code: `database-${code}`,
      problems: [
        {
          path: `clusters.${cluster.name}.database.external.${key}`,
          message: expect.stringMatching(words),
          hint: expect.any(String),
        },
      ],
    });
    expect(exitCode).toBe(code === 'unreachable' ? 3 : 2);
    expect(stdout).not.toContain(database.password);
    expect(await tracesOf(cluster.name)).toEqual([]);
    expect(await readdir(cluster.directory)).not.toContain('.clusterkit');
    expect(await cluster.readRegistry()).toBe(FOREIGN);
    await password(database.password);
    await configure();
  });

  test('up: a relay is in the place of the database, and there is no volume for data', async () => {
    const { exitCode, all } = await cluster.up();
    expect(exitCode, all).toBe(0);
    expect(await tracesOf(cluster.name)).toEqual(
      ['config', 'database', 'network', 'server'].map(
        (role) => `clusterkit-${cluster.name}-${role}`,
      ),
    );
    const marks = await database.query('select cluster, layout from clusterkit.mark');
    expect(marks).toEqual([{ cluster: cluster.name, layout: 'postgres' }]);
  });

  test('the real CLI deploys, and the data is in that database', async () => {
    await writeService(service, { cluster: cluster.name, types: USERS_AND_POSTS });
    const { exitCode, all } = await prisma('deploy');
    expect(exitCode, all).toBe(0);
    token = (await prisma('token')).stdout.trim();
    const mutation = 'mutation { createUser(data: { email: "anna@example.com" }) { email } }';
    expect(await query(api(), mutation, token)).toMatchObject({ data: { createUser: {} } });
    const rows = await database.query('select email from "blog$dev"."User"');
    expect(rows).toEqual([{ email: 'anna@example.com' }]);
    const tls = await database.query<{ ssl: boolean }>(
      `select distinct ssl from pg_stat_ssl join pg_stat_activity using (pid)
        where application_name = 'clusterkit-dev-server'`,
    );
    expect(tls).toEqual([{ ssl: true }]);
  });

  test('a second up changes nothing, plan is empty, status is well, no password in sight', async () => {
    const { before, again } = await expectUnchanged(cluster);
    const plan = await cluster.plan();
    expect(plan.exitCode, plan.all).toBe(0);
    const status = await cluster.status();
    expect(status.exitCode, status.all).toBe(0);
    const inspected = await Promise.all(
      Object.values(before).map((id) => engine.getContainer(id).inspect()),
    );
    const logs = await cluster.kit(['logs', cluster.name, 'database']);
    const state = join(cluster.stateDir, 'state', `${cluster.name}.tfstate`);
    const seen = [again.all, plan.all, status.all, logs.all, await readFile(state, 'utf8')];
    expect(seen.join('\n')).toContain('the relay listens on port 5432');
    expect(`${seen.join('\n')}${JSON.stringify(inspected)}`).not.toContain(database.password);
  });

  test('another cluster is refused what this one has', async () => {
    const other = await TestCluster.create();
    try {
      const { host, port, user } = database;
      await writeFile(join(other.directory, 'pw'), database.password, { mode: 0o600 });
      await writeFile(join(other.directory, 'ca.pem'), database.authority.certificate);
      const place = { connector: 'postgres', host, port, user, database: database.database };
      const external = { ...place, passwordFile: 'pw', caFile: 'ca.pem' };
      await other.configure({ more: { database: { external } } });
      const { exitCode, all } = await other.up();
      expect(exitCode).toBe(2);
      expect(all).toContain(`the database has the data of cluster '${cluster.name}'`);
      expect(await tracesOf(other.name)).toEqual([]);
    } finally {
      await other.dispose();
    }
  });

  test('down leaves the data and gives the database back; up again finds it', async () => {
    const down = await cluster.down();
    expect(down.exitCode, down.all).toBe(0);
    const place = `${database.host}:${database.port}`;
    expect(down.all).toContain(`its data stays in the database at ${place}, which any cluster can`);
    expect(await tracesOf(cluster.name)).toEqual([]);
    expect(await database.query('select id from clusterkit.mark')).toEqual([{ id: null }]);
    expect(await cluster.readRegistry()).toBe(FOREIGN);

    // The password may come from the environment as well; then down needs none.
    await configure({ passwordFile: undefined, passwordEnv: 'DATABASE_PASSWORD' });
    const unset = await cluster.up();
    expect(unset.all).toContain('DATABASE_PASSWORD: the environment variable is not set');
    expect(unset.exitCode).toBe(2);
    const env = { DATABASE_PASSWORD: database.password };
    const up = await cluster.kit(['up', cluster.name], { env });
    expect(up.exitCode, up.all).toBe(0);
    token = (await prisma('token')).stdout.trim();
    expect(await emails()).toEqual(ANNA);
    const gone = await cluster.down();
    expect(gone.exitCode, gone.all).toBe(0);
    expect(await database.query('select id from clusterkit.mark')).toEqual([{ id: null }]);
  });

  test('plain cdktf: deploy takes the database, destroy gives it back and needs no password', async () => {
    await makeCdktfProject(cluster);
    const { directory } = cluster;
    const env: typeof cluster.env = (more) =>
      cluster.env({ ...more, DATABASE_PASSWORD: database.password });
    const deploy = await cdktf({ directory, env }, 'deploy', cluster.name, '--auto-approve');
    expect(deploy.exitCode, deploy.all).toBe(0);
    const owners = await database.query('select cluster, id is null as free from clusterkit.mark');
    expect(owners).toEqual([{ cluster: cluster.name, free: false }]);
    expect(await cluster.readRegistry()).toContain(cluster.endpoint);
    token = (await prisma('token')).stdout.trim();
    expect(await emails()).toEqual(ANNA);

    const destroy = await cdktf(cluster, 'destroy', cluster.name, '--auto-approve');
    expect(destroy.exitCode, destroy.all).toBe(0);
    expect(destroy.all).toContain('which any cluster can use now');
    expect(`${deploy.all}${destroy.all}`).not.toContain(database.password);
    expect(await database.query('select id from clusterkit.mark')).toEqual([{ id: null }]);
    expect(await tracesOf(cluster.name)).toEqual([]);
    expect(await cluster.readRegistry()).toBe(FOREIGN);
  });

  test('a database that is out of reach stops no down: a warning, and the next up tells', async () => {
    await configure({ port: await freePort() });
    const refused = await cluster.up();
    expect(refused.exitCode).toBe(3);
    await configure();
    const up = await cluster.up();
    expect(up.exitCode, up.all).toBe(0);
    await database.query('alter role app_user nologin');
    const down = await cluster.down('--keep-data');
    expect(down.exitCode, down.all).toBe(0);
    expect(down.all).toContain('could not release the database');
    expect(await tracesOf(cluster.name)).toEqual([]);
    await database.query('alter role app_user login');
    const next = await cluster.up();
    expect(next.exitCode).toBe(2);
    expect(next.all).toContain('--adopt-database');
    const adopted = await cluster.up('--adopt-database');
    expect(adopted.exitCode, adopted.all).toBe(0);
    token = (await prisma('token')).stdout.trim();
    expect(await emails()).toEqual(ANNA);
  });
});
