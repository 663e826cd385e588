import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spawn as spawnPty } from '@lydell/node-pty';
import { execa } from 'execa';
import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { newKeyPair } from '../../../cluster/keys/key-pair.js';
import { Secret } from '../../../lib/secret.js';
import { derivedSecret } from '../../../prisma/tokens/derived-secret.js';
import { verifyToken } from '../../../prisma/tokens/verify-token.js';
import { writeEntryCertificate } from '../../../registry/file/entry-certificate.js';
import { managementServer } from '../../support/management-server.js';
import { pinnedFront } from '../../support/pinned-front.js';
import { entryText } from '../../support/registry-files.js';
import { homeWithRegistry } from '../../support/registry-verbs.js';
import { compiled } from '../../support/test-cluster.js';

const keys = await newKeyPair();
const KEY = keys.privateKey.reveal();
const MAIN = compiled('cli/main.js');
const SECRET = 'hush-hush';
const VARIABLE = 'PRISMA_MANAGEMENT_API_SECRET';

/** A home whose registry has a cluster of each kind, and `clusterkit` in it as a process. */
async function sandbox(more = '') {
  const entries = `${entryText('key', 'http://key:4466', KEY)}${entryText('shared', 'http://shared:4466/', SECRET)}${more}`;
  const { home } = await homeWithRegistry(`clusters:\n${entries}`);
  const cwd = join(home, 'work');
  await mkdir(cwd);
  const options = (env: NodeJS.ProcessEnv = {}) => ({
    cwd,
    env: { PATH: process.env.PATH, HOME: home, ...env },
    extendEnv: false as const,
    reject: false as const,
  });
  const kit = (argv: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    execa(process.execPath, [MAIN, ...argv], { ...options(env), stdin: 'ignore' });
  /** The environment of a program. */
  const found = async (argv: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { stdout, stderr } = await kit(
      ['exec', ...argv, '--', process.execPath, '-p', 'JSON.stringify(process.env)'],
      env,
    );
    if (stderr !== '') throw new Error(stderr);
    return JSON.parse(stdout) as NodeJS.ProcessEnv;
  };
  return { home, cwd, kit, found, options };
}

test('a program trusts the certificates of its environment and of the cluster', async () => {
  const answer = () => managementServer(() => ({ body: 'here' }));
  const ours = await pinnedFront((await answer()).host, 'ours');
  const theirs = await pinnedFront((await answer()).host, 'theirs');
  const { home, cwd, kit } = await sandbox(entryText('pinned', ours.host, KEY));
  const registry = join(home, '.prisma', 'config.yml');
  await writeEntryCertificate(registry, 'pinned', ours.certificate);
  await writeFile(join(cwd, 'theirs.pem'), theirs.certificate);
  const hosts = JSON.stringify([ours.host, theirs.host]);
  const ask = `Promise.all(${hosts}.map((host) =>
    fetch(host).then((reply) => reply.text(), (error) => error.cause.code))).then(console.log)`;
  const asked = (env: NodeJS.ProcessEnv) =>
    kit(['exec', 'pinned', '--', process.execPath, '-e', ask], env);
  expect(await asked({ NODE_EXTRA_CA_CERTS: 'theirs.pem' })).toMatchObject({
    ...{ stdout: "[ 'here', 'here' ]", stderr: '' },
  });
  const without = await asked({});
  expect(without.stdout).toBe("[ 'here', 'DEPTH_ZERO_SELF_SIGNED_CERT' ]");

  const { stdout } = await kit(['env', 'pinned', '--format', 'json'], {
    NODE_EXTRA_CA_CERTS: 'theirs.pem',
  });
  const file = JSON.parse(stdout).NODE_EXTRA_CA_CERTS;
  expect(file).toMatch(/pinned\.bundles\/[0-9a-f]{16}\.pem$/);
  const missing = await asked({ NODE_EXTRA_CA_CERTS: 'nowhere.pem' });
  expect(missing.stdout).toBe(without.stdout);
  expect(missing.stderr).toContain('nowhere.pem cannot be used (ENOENT');
});

describe('clusterkit exec', () => {
  test('sets endpoint and token, for all services and 15 minutes', async () => {
    const { found } = await sandbox();
    const {
      PRISMA_CLUSTER,
      PRISMA_ENDPOINT,
      PRISMA_CLUSTER_TOKEN = '',
      ...rest
    } = await found(['key']);
    expect([PRISMA_CLUSTER, PRISMA_ENDPOINT]).toEqual(['key', 'http://key:4466']);
    expect(rest[VARIABLE]).toBeUndefined();
    expect(JSON.stringify(rest)).not.toContain('PRIVATE KEY');
    const token = new Secret(PRISMA_CLUSTER_TOKEN);
    expect(await verifyToken(token, keys.privateKey, new Date())).toMatchObject({
      valid: true,
      grants: [{ target: '*/*', action: '*' }],
    });
    const { iat = 0, exp } = decodeJwt(PRISMA_CLUSTER_TOKEN);
    expect(exp).toBe(iat + 900);
  });

  test('a cluster with a shared secret; a token for one service', async () => {
    const { found } = await sandbox();
    const env = await found(['shared', '--service', 'blog', '--ttl', '90s']);
    expect(env.PRISMA_ENDPOINT).toBe('http://shared:4466');
    const token = new Secret(env.PRISMA_CLUSTER_TOKEN ?? '');
    expect(await verifyToken(token, new Secret(SECRET), new Date())).toMatchObject({
      grants: [{ target: 'blog/*', action: '*' }],
    });
    expect(env[VARIABLE]).toBeUndefined();
  });

  test('the shared secret itself only on request; unsets one of another cluster', async () => {
    const { found, kit } = await sandbox();
    expect((await found(['shared', '--management-secret']))[VARIABLE]).toBe(SECRET);
    expect((await found(['shared'], { [VARIABLE]: SECRET }))[VARIABLE]).toBe(SECRET);
    expect((await found(['shared'], { [VARIABLE]: 'else' }))[VARIABLE]).toBeUndefined();
    expect((await found(['key'], { [VARIABLE]: 'else' }))[VARIABLE]).toBeUndefined();
    const silent = await kit(['exec', 'key', '--management-secret', '--', 'true']);
    expect([silent.exitCode, silent.stderr]).toEqual([
      3,
      expect.stringContaining('must say whether it accepts a shared secret'),
    ]);
  });

  test('a key pair: the derived secret, where the server says that it accepts it', async () => {
    const answer = { body: { data: { serverInfo: { version: '1.8.3' } } } };
    const says = { 'x-clusterkit-derived-secret': 'hkdf-sha256' };
    const both = await managementServer(() => ({ ...answer, headers: says }));
    const alone = await managementServer(() => answer);
    const entries = entryText('both', both.host, KEY) + entryText('alone', alone.host, KEY);
    const { found, kit } = await sandbox(entries);
    const derived = derivedSecret(keys.privateKey).reveal();
    expect((await found(['both', '--management-secret']))[VARIABLE]).toBe(derived);
    expect((await found(['both']))[VARIABLE]).toBeUndefined();
    expect((await found(['both'], { [VARIABLE]: derived }))[VARIABLE]).toBe(derived);
    const refused = await kit(['exec', 'alone', '--management-secret', '--', 'true']);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("cluster 'alone' has a key pair, not a shared secret");
  });

  test('arguments reach the program unchanged, without a shell', async () => {
    const { kit } = await sandbox();
    const argv = ['$HOME', '`id`', "it's", '', '--json', '-h', '--', 'a b', '*'];
    const print = 'console.log(JSON.stringify(process.argv.slice(1)))';
    const call = ['exec', 'key', '--ttl', '1h', '--', process.execPath, '-e', print, '--', ...argv];
    const { stdout } = await kit(call);
    expect(JSON.parse(stdout)).toEqual(argv);
  });

  test('passes stdin, stdout, stderr and the exit code', async () => {
    const { options } = await sandbox();
    const script = 'cat; echo oops >&2; exit 42';
    const argv = [MAIN, 'exec', 'key', '--', 'sh', '-c', script];
    const result = await execa(process.execPath, argv, { ...options(), input: 'through' });
    expect(result).toMatchObject({ exitCode: 42, stdout: 'through', stderr: 'oops' });
  });

  test('files of the program have the umask of the caller', async () => {
    const { kit, cwd } = await sandbox();
    await kit(['exec', 'key', '--', 'touch', 'made']);
    const touched = await promisify(execFile)('sh', ['-c', 'touch there; stat -c %a there'], {
      cwd,
    });
    expect(((await stat(join(cwd, 'made'))).mode & 0o777).toString(8)).toBe(touched.stdout.trim());
  });

  test('126 and 127 with a reason; finds a program by its path', async () => {
    const { kit, cwd } = await sandbox();
    const none = await kit(['exec', 'key', '--', 'no-such-program']);
    expect(none.exitCode).toBe(127);
    expect(none.stderr).toContain('no-such-program: there is no such program');
    expect(none.stderr).toContain('clusterkit exec key -- npx no-such-program');
    await writeFile(join(cwd, 'mine'), '#!/bin/sh\necho $PRISMA_CLUSTER\n');
    const call = ['exec', 'key', '--', './mine'];
    expect(await kit(call)).toMatchObject({ exitCode: 126, stdout: '' });
    expect(JSON.parse((await kit(['exec', 'key', '--json', '--', './mine'])).stdout)).toMatchObject(
      {
        error: { code: 'command-not-runnable', exitCode: 126 },
      },
    );
    await chmod(join(cwd, 'mine'), 0o755);
    expect(await kit(call)).toMatchObject({ exitCode: 0, stdout: 'key' });
  });

  test('the command must follow --', async () => {
    const { kit } = await sandbox();
    const { exitCode, stderr } = await kit(['exec', 'key', 'printenv', 'HOME']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('clusterkit exec key -- printenv HOME');
    expect((await kit(['exec', 'kay', '--', 'true'])).stderr).toContain("Did you mean 'key'?");
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
    ['SIGUSR1', 138],
  ] as const)('forwards %s to the program, which ends with %i', async (signal, code) => {
    const { options } = await sandbox();
    const argv = [MAIN, 'exec', 'key', '--', 'sh', '-c', 'echo ready; exec sleep 30'];
    const child = execa(process.execPath, argv, { ...options(), stdin: 'ignore' });
    child.stdout.once('data', () => child.kill(signal));
    expect((await child).exitCode).toBe(code);
  });

  test('a program that handles signals decides its own exit', async () => {
    const { options } = await sandbox();
    const script =
      'trap "echo got" INT TERM; echo ready; for i in 1 2 3 4 5 6 7 8 9; do sleep 0.1; done; exit 7';
    const argv = [MAIN, 'exec', 'key', '--', 'sh', '-c', script];
    const child = execa(process.execPath, argv, { ...options(), stdin: 'ignore' });
    child.stdout.once('data', () => {
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGTERM'), 200);
    });
    const { exitCode, stdout } = await child;
    expect(exitCode).toBe(7);
    expect(stdout.split('\n')).toEqual(['ready', 'got', 'got']);
  });

  test('Ctrl-C on a terminal reaches the program once', async () => {
    const { options } = await sandbox();
    const script =
      'trap "echo got" INT; echo ready; for i in 1 2 3 4 5; do sleep 0.1; done; exit 7';
    const { cwd, env } = options();
    const argv = [MAIN, 'exec', 'key', '--', 'sh', '-c', script];
    const terminal = spawnPty(process.execPath, argv, { cwd, env });
    let text = '';
    terminal.onData((data) => {
      const isReady = !text.includes('ready') && (text + data).includes('ready');
      text += data;
      if (isReady) terminal.write('\x03');
    });
    const { exitCode } = await new Promise<{ exitCode: number }>((resolve) =>
      terminal.onExit(resolve),
    );
    expect(exitCode).toBe(7);
    expect(text.match(/got/g)).toHaveLength(1);
  });
});

describe('clusterkit env', () => {
  test('sh: variables for eval, unsets the secret of another cluster', async () => {
    const { home, kit, options } = await sandbox();
    const { stdout } = await kit(['env', 'key'], { [VARIABLE]: 'else' });
    expect(stdout.split('\n').map((line) => line.replace(/'.*/, ''))).toEqual([
      `unset ${VARIABLE}`,
      'export PRISMA_CLUSTER=',
      'export PRISMA_ENDPOINT=',
      'export PRISMA_CLUSTER_TOKEN=',
    ]);
    await writeFile(join(home, 'env.sh'), stdout);
    const script = `. ./env.sh; echo "$PRISMA_CLUSTER $PRISMA_ENDPOINT \${${VARIABLE}-none}"`;
    const read = await execa('sh', ['-c', script], { ...options({ [VARIABLE]: 'x' }), cwd: home });
    expect(read.stdout).toBe('key http://key:4466 none');
  });

  test('json, and --json with more details', async () => {
    const { kit } = await sandbox();
    const call = ['env', 'shared', '--management-secret'];
    const flat = JSON.parse((await kit([...call, '--format', 'json'])).stdout);
    expect(flat).toEqual({
      PRISMA_CLUSTER: 'shared',
      PRISMA_ENDPOINT: 'http://shared:4466',
      PRISMA_CLUSTER_TOKEN: expect.stringMatching(/^ey/),
      [VARIABLE]: SECRET,
    });
    const { expires, ...rest } = JSON.parse((await kit([...call, '--json'])).stdout);
    expect(Date.parse(expires)).toBeGreaterThan(Date.now() + 600_000);
    expect(rest).toMatchObject({ cluster: 'shared', variables: { [VARIABLE]: SECRET } });
  });

  test('github: the file on stdout, the masks on stderr', async () => {
    const { kit } = await sandbox();
    const { stdout, stderr } = await kit(['env', 'key', '--format', 'github']);
    const [, token] = /PRISMA_CLUSTER_TOKEN<<(?:\w|-)+\n(.*)\n/.exec(stdout) ?? [];
    expect(token).toMatch(/^ey/);
    expect(stderr).toBe(`::add-mask::${token}`);
    expect(stdout).not.toContain('add-mask');
  });

  test('an unknown format, a broken key, an unset variable: exit 2', async () => {
    const { kit, home } = await sandbox();
    expect((await kit(['env', 'key', '--format', 'xml'])).exitCode).toBe(2);
    const registry = join(home, '.prisma', 'config.yml');
    const variable = ['$', '{env:NOT_SET}'].join('');
    const text = await readFile(registry, 'utf8');
    await writeFile(registry, `${text}${entryText('v', 'http://v', variable)}`);
    const unset = await kit(['env', 'v']);
    expect([unset.exitCode, unset.stderr.split('\n')[0]]).toEqual([
      2,
      `error: ${registry}:8 v: its clusterSecret uses a variable that is not set`,
    ]);
    expect((await kit(['env', 'v', '--format', 'json'], { NOT_SET: KEY })).exitCode).toBe(0);
  });
});
