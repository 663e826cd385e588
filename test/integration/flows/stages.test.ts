import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureSecrets, readSecrets } from '../../../cluster/keys/key-store.js';
import { configure, staleRoles } from '../../../targets/common/configure.js';
import { register, release } from '../../../targets/common/register.js';
import { inputFor } from '../../../targets/common/stages/stage.js';
import { awaitDatabaseStage } from '../../../targets/docker/stages/await-database.js';
import { forget, sweep } from '../../../targets/docker/sweep.js';
import { engine, removeTraces, tracesOf } from '../../support/engine-traces.js';
import { freePort } from '../../support/free-port.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { IMAGES } from '../../support/test-cluster.js';

/** The stages inside an apply, one by one, over containers that the test makes in Terraform's place. */
describe('the stages', () => {
  const name = `ck-test-${process.pid.toString(36)}${Date.now().toString(36)}`;
  const nameOf = (role: string) => `clusterkit-${name}-${role}`;
  let directory: string;
  let port: number;
  const facts = () => ({
    cluster: name,
    target: 'docker' as const,
    project: directory,
    keyDirectory: join(directory, 'keys', name),
    endpoint: `http://localhost:${port}`,
    registry: join(directory, 'home', '.prisma', 'config.yml'),
    connector: 'postgres' as const,
    auth: 'rsa' as const,
    startedImage: '',
    databaseImage: IMAGES.database,
    version: '1.8',
    stateFile: join(directory, 'none.tfstate'),
    attempt: 'first',
  });
  const labels = (role: string) => ({
    'dev.clusterkit.cluster': name,
    'dev.clusterkit.project': directory,
    'dev.clusterkit.role': role,
  });
  const { signal } = new AbortController();
  const machines = async () => [{ name: 'localhost', engine, close: () => {} }];
  const context = { env: process.env, signal, machines, onStep: () => {} };
  /** Do the containers see what the key store says? */
  const isKnown = async (auth?: 'rsa' | 'secret') => (await stale(auth)).length === 0;
  const stale = async (auth: 'rsa' | 'secret' = 'rsa') => {
    const secrets = await readSecrets(facts().keyDirectory, auth);
    return [...(await staleRoles(engine, { ...facts(), auth, secrets }))];
  };
  const readRegistry = () => readFile(facts().registry, 'utf8').catch(() => undefined);

  const start = async (role: 'database' | 'server', env: string[]) => {
    const container = await engine.createContainer({
      name: nameOf(role),
      Image: IMAGES[role],
      Labels: labels(role),
      Env: env,
      ExposedPorts: { '4466/tcp': {} },
      HostConfig: {
        Init: true,
        RestartPolicy: { Name: 'unless-stopped' },
        Mounts: [
          {
            Type: 'volume',
            Source: nameOf('config'),
            Target: '/run/clusterkit',
            ReadOnly: true,
          },
        ],
        ...(role === 'server' && {
          PortBindings: { '4466/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
        }),
      },
      NetworkingConfig: { EndpointsConfig: { [nameOf('network')]: { Aliases: [role] } } },
    });
    await container.start();
    return container;
  };
  const startServer = (custom: string[] = ['PRISMA_CONFIG_PATH=/run/clusterkit/prisma.yml']) =>
    start('server', custom);
  const stopServer = () => engine.getContainer(nameOf('server')).remove({ force: true, v: true });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ck-test-'));
    port = await freePort();
    await engine.createNetwork({ Name: nameOf('network'), Labels: labels('network') });
    await engine.createVolume({ Name: nameOf('config'), Labels: labels('config') });
  });
  afterAll(async () => {
    await removeTraces(name);
    await rm(directory, { recursive: true, force: true });
  });

  test('configure, await-database, register: proven, then registered', async () => {
    await configure(engine, facts());
    await start('database', [
      'POSTGRES_USER=prisma',
      'POSTGRES_DB=prisma',
      'POSTGRES_PASSWORD_FILE=/run/clusterkit/database-password',
    ]);
    await awaitDatabaseStage.run(inputFor(awaitDatabaseStage, facts()), context);
    await startServer();
    const { server, entry } = await register(facts(), context);
    expect(server).toMatchObject({ generation: 'B', path: '/management' });
    expect(entry).toBe('added');
    const { clusterSecret } = await ensureSecrets(facts().keyDirectory, 'rsa');
    const line = clusterSecret.reveal().split('\n')[1] ?? 'none';
    expect(await readRegistry()).toContain(line);
  });

  test('configuration that the containers see is the key store’s; lost secrets are told', async () => {
    const { keyDirectory } = facts();
    const password = join(keyDirectory, 'database-password');
    const known = await readFile(password, 'utf8');
    expect(await isKnown()).toBe(true);
    expect(await isKnown('secret')).toBe(false);
    const key = join(keyDirectory, 'private.pem');
    const pem = await readFile(key, 'utf8');
    await rm(key);
    // A new key concerns the server alone, and a lost password is read back: the data needs it.
    expect(await stale()).toEqual(['server']);
    await writeFile(key, pem, { mode: 0o600 });
    await rm(password);
    expect(await stale()).toEqual([]);
    const error = await kitErrorOf(() => register(facts(), context));
    expect(error).toMatchObject({ code: 'key-store-incomplete', exitCode: 3 });
    await expect(readFile(password)).rejects.toThrow('ENOENT');
    await configure(engine, facts());
    expect(await readFile(password, 'utf8')).toBe(known);
    expect(await isKnown()).toBe(true);
  });

  test('register again: unchanged', async () => {
    expect((await register(facts(), context)).entry).toBe('unchanged');
  });

  test('release: the entry goes; again is no error', async () => {
    expect(await release(facts())).toBe('removed');
    expect(await release(facts())).toBe('absent');
    expect(await readRegistry()).not.toContain(name);
  });

  const configurationWith = async (key: string) => {
    const { databasePassword } = await ensureSecrets(facts().keyDirectory, 'rsa');
    return JSON.stringify({
      port: 4466,
      ...(key && { legacySecret: key }),
      databases: {
        default: {
          connector: 'postgres',
          host: 'database',
          port: 5432,
          user: 'prisma',
          password: databasePassword.reveal(),
          database: 'prisma',
          migrations: true,
        },
      },
    });
  };

  test('an open server fails, and is not registered', async () => {
    await stopServer();
    await startServer([`PRISMA_CONFIG=${await configurationWith('')}`]);
    const error = await kitErrorOf(() => register(facts(), context));
    expect(error).toMatchObject({ code: 'server-open', exitCode: 3 });
    expect(error.problems[0]?.path).toBe(facts().endpoint);
    expect(await readRegistry()).not.toContain(name);
  });

  test('a server with another key fails, and is not registered', async () => {
    const { newKeyPair } = await import('../../../cluster/keys/key-pair.js');
    await stopServer();
    await startServer([`PRISMA_CONFIG=${await configurationWith((await newKeyPair()).publicKey)}`]);
    const error = await kitErrorOf(() => register(facts(), context));
    expect(error).toMatchObject({ code: 'key-refused', exitCode: 3 });
    expect(error.message).toContain('Invalid signature for this token or wrong algorithm');
    expect(await readRegistry()).not.toContain(name);
  });

  test('a server that cannot read its configuration fails with its log', async () => {
    await stopServer();
    await startServer(['PRISMA_CONFIG=databases: [']);
    const error = await kitErrorOf(() => register(facts(), context));
    expect(error).toMatchObject({ code: 'server-not-ready', exitCode: 3 });
    expect(error.message).toContain('keeps stopping');
    expect(error.message).toContain('Last lines of its log:');
  });

  test('sweep: containers and networks that no state knows go, volumes stay', async () => {
    expect(await sweep(facts(), engine)).toBe(3);
    expect(await tracesOf(name)).toEqual([nameOf('config')]);
  });

  test('sweep leaves alone what another checkout made', async () => {
    await engine.createNetwork({ Name: nameOf('network'), Labels: labels('network') });
    const keyDirectory = join(directory, 'other', 'keys', name);
    const error = await kitErrorOf(() => sweep({ ...facts(), keyDirectory }, engine));
    expect([error.code, error.exitCode]).toEqual(['cluster-elsewhere', 2]);
    expect(await tracesOf(name)).toHaveLength(2);
  });

  test('forget: all goes but data, and secrets only when no data is left', async () => {
    await engine.createVolume({ Name: nameOf('data'), Labels: labels('data') });
    const { keyDirectory } = facts();
    expect(await forget(facts(), engine)).toBe(2);
    expect(await tracesOf(name)).toEqual([nameOf('data')]);
    expect(await readFile(join(keyDirectory, 'private.pem'), 'utf8')).toContain('BEGIN');
    await engine.getVolume(nameOf('data')).remove();
    expect(await forget(facts(), engine)).toBe(0);
    await expect(readFile(join(keyDirectory, 'private.pem'))).rejects.toThrow('ENOENT');
  });
});
