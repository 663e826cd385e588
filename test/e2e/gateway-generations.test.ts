import { createSecretKey } from 'node:crypto';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runInContainer } from '../../clients/docker/run-in-container.js';
import { containerIds, engine, tracesOf } from '../support/engine-traces.js';
import { expectUnchanged } from '../support/expect-unchanged.js';
import { watchProcesses } from '../support/own-processes.js';
import { installRealCli, type RealCli, realCli, realCliEnv } from '../support/real-cli.js';
import { pemNeedles, textNeedles } from '../support/secret-needles.js';
import { query, USERS_AND_POSTS, WITH_PUBLISHED } from '../support/service.js';
import { TestCluster } from '../support/test-cluster.js';

const forC = (types: string) => types.replaceAll('ID! @unique', 'ID! @id');

/** A server of generation C, whose cluster has a key pair: the gateway's key of the house. */
describe('generation C behind a gateway, with the private key of the registry', () => {
  let cluster: TestCluster;
  let sampled: string;
  let needles: string[];
  const outputs: string[] = [];

  const kit = async (...argv: string[]) => {
    // No engine for CLIs, which boot servers of their own; the kit's own verbs need it.
    const env = argv[0] === 'deploy' ? realCliEnv(cluster.home) : {};
    const run = await cluster.kit(argv, { env });
    outputs.push(run.all);
    return run;
  };

  beforeAll(async () => {
    cluster = await TestCluster.create({ serverVersion: '1.34', more: { gateway: true } });
    const watch = watchProcesses(20);
    const { exitCode, all } = await cluster.up('--verbose');
    sampled = (await watch.stop()).text;
    outputs.push(all);
    expect(exitCode, all).toBe(0);
    const server = engine.getContainer(`clusterkit-${cluster.name}-server`);
    const { output } = await runInContainer(server, ['cat', '/run/clusterkit/server-secret']);
    expect(output.length).toBeGreaterThan(30);
    needles = textNeedles(output.trim());
  });
  afterAll(() => cluster?.dispose());

  /** A service with a CLI of its own in node_modules. */
  async function writeService(cli: RealCli, place: string): Promise<string> {
    const directory = join(cluster.directory, cli.replace(/\W/g, ''));
    await mkdir(directory);
    await symlink(join(await installRealCli(cli), 'node_modules'), join(directory, 'node_modules'));
    const definition = `${place}\ndatamodel: datamodel.graphql\nsecret: the-service-secret\n`;
    await writeFile(join(directory, 'prisma.yml'), definition);
    await writeFile(join(directory, 'datamodel.graphql'), forC(USERS_AND_POSTS));
    return directory;
  }

  test('CLI 1.6.3 deploys by the registry entry, with the kit and without it', async () => {
    const cwd = await writeService('1.6.3', 'service: blog\nstage: dev');
    const first = await kit('deploy', cwd, '--cluster', cluster.name, '--json');
    expect(first.exitCode, first.all).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ verified: true, cliVersion: '1.6.3' });

    await writeFile(join(cwd, 'datamodel.graphql'), forC(WITH_PUBLISHED));
    const call = { cwd, home: cluster.home };
    const plain = await realCli('1.6.3', ['deploy'], call);
    expect([plain.exitCode, plain.all]).toEqual([0, expect.stringContaining('`published`')]);
    const token = (await realCli('1.6.3', ['token'], call)).stdout.trim();
    const url = `${cluster.endpoint}/blog/dev`;
    const create = 'mutation { createUser(data: { email: "a" }) { email } }';
    expect(await query(url, create, token)).toEqual({ data: { createUser: { email: 'a' } } });
    expect((await query(url, create)).errors?.[0]?.code).toBe(3015);
  });

  test('the newest CLI deploys with a secret that is derived from the private key', async () => {
    const cwd = await writeService('prisma1@1.34.12', `endpoint: ${cluster.endpoint}/late/dev`);
    const run = await kit('deploy', cwd, '--json');
    expect(run.exitCode, run.all).toBe(0);
    const { stdout: token } = await kit('token', cwd);
    const create = 'mutation { createUser(data: { email: "l" }) { email } }';
    expect(await query(`${cluster.endpoint}/late/dev`, create, token.trim())).toEqual({
      data: { createUser: { email: 'l' } },
    });
  });

  test('the public key is no secret to sign with, nor is a token without grants', async () => {
    const { stdout: pem } = await kit('cluster', 'public-key', cluster.name);
    expect(pem).toContain('BEGIN PUBLIC KEY');
    const forge = (secret: string) =>
      new SignJWT({ grants: [{ target: '*/*', action: '*' }] })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setExpirationTime('1h')
        .sign(createSecretKey(Buffer.from(secret)));
    const narrow = await kit(
      ...['cluster', 'token', cluster.name, '--service', 'blog', '--stage', 'dev'],
    );
    for (const path of ['management', 'cluster']) {
      const ask = (token: string) =>
        query(`${cluster.endpoint}/${path}`, '{ listProjects { name } }', token);
      for (const token of [await forge(pem), await forge(`${pem}\n`), narrow.stdout]) {
        expect((await ask(token)).errors?.[0]?.code).toBe(3015);
      }
    }
  });

  test('status, list and doctor find it well', async () => {
    const status = await kit('status', cluster.name, '--json');
    expect(status.exitCode, status.all).toBe(0);
    const [found] = JSON.parse(status.stdout);
    expect(found).toMatchObject({
      containers: { database: 'running', server: 'running', gateway: 'running' },
      auth: 'ok',
    });
    expect(found).not.toHaveProperty('usage');
    const list = await kit('list', '--json');
    expect(JSON.parse(list.stdout).clusters).toMatchObject([
      { generation: 'C', auth: 'ok', gateway: expect.stringMatching(/^\d+\.\d+\.\d+/) },
    ]);
    const doctor = await kit('doctor', '--json');
    expect(doctor.exitCode, doctor.all).toBe(0);
  });

  test('the gateway’s log tells requests without their tokens; a proxy there is none', async () => {
    const { stdout } = await kit('logs', cluster.name, 'gateway');
    expect(stdout).toContain('"path":"/cluster","status":200');
    expect(stdout).toContain('"path":"/blog/dev"');
    expect(stdout).not.toMatch(/eyJ[\w-]{10}/);
    const { exitCode, stderr } = await kit('logs', cluster.name, 'proxy');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('There are: server, database, gateway.');
  });

  test('the server’s secret never left the host, the private key never came to it', async () => {
    const privateKey = join(cluster.stateDir, 'keys', cluster.name, 'private.pem');
    const { stdout: publicKey } = await kit('cluster', 'public-key', cluster.name);
    // The modulus is in both halves.
    const key = pemNeedles(await readFile(privateKey, 'utf8')).filter(
      (needle) => !publicKey.includes(needle),
    );
    expect(key.length).toBeGreaterThan(20);
    const inspected: string[] = [];
    for (const [role, id] of Object.entries(await containerIds(cluster.name))) {
      const container = engine.getContainer(id);
      inspected.push(JSON.stringify(await container.inspect()));
      inspected.push(JSON.stringify(await container.top({ ps_args: '-eo pid,args' })));
      const log = await container.logs({ stdout: true, stderr: true });
      inspected.push(log.toString('latin1'));
      const { output } = await runInContainer(container, ['sh', '-c', 'cat /run/clusterkit/*']);
      expect(
        key.filter((needle) => output.includes(needle)),
        role,
      ).toEqual([]);
      for (const needle of key) expect(inspected.at(-1)).not.toContain(needle);
    }
    const entries = await readdir(cluster.directory, { recursive: true, withFileTypes: true });
    const files = entries.filter(
      (each) => each.isFile() && !each.parentPath.includes('node_modules'),
    );
    const names = files.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['private.pem', 'config.yml']));
    expect(names).toContain(`${cluster.name}.tfstate`);
    const texts = await Promise.all(
      files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')),
    );
    const everything = [sampled, ...outputs, ...inspected, ...texts].join('\n');
    expect(everything).toContain('run-stage.js');
    expect(needles.filter((needle) => everything.includes(needle))).toEqual([]);
  });

  test('a second up changes nothing; down leaves nothing', async () => {
    await expectUnchanged(cluster);
    const down = await cluster.down();
    expect(down.exitCode, down.all).toBe(0);
    expect(await tracesOf(cluster.name)).toEqual([]);
  });
});
