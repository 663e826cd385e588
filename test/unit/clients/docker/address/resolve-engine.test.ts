import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { resolveEngine } from '../../../../../clients/docker/address/resolve-engine.js';
import { kitErrorOf } from '../../../../support/kit-error-of.js';
import { temporaryDirectory } from '../../../../support/temporary-directory.js';

let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
});

const NO_SOCKET = '/nowhere/docker.sock';

/** The engine of this home, on a machine without docker's default socket. */
const resolved = (env: NodeJS.ProcessEnv = {}) =>
  resolveEngine(
    { HOME: home, XDG_RUNTIME_DIR: join(home, 'run'), ...env },
    { platform: 'linux', defaultSocket: NO_SOCKET },
  );

async function write(path: string, content: unknown) {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
}

const idOf = (name: string) => createHash('sha256').update(name).digest('hex');

/** What `docker context create NAME` writes. */
async function context(name: string, docker: object, files: readonly string[] = []) {
  const meta = { Name: name, Metadata: {}, Endpoints: { docker } };
  await write(`.docker/contexts/meta/${idOf(name)}/meta.json`, meta);
  for (const file of files) {
    await write(`.docker/contexts/tls/${idOf(name)}/docker/${file}`, `of ${name}`);
  }
}

async function listen(path: string) {
  const socket = join(home, path);
  await mkdir(dirname(socket), { recursive: true });
  const server = createServer().listen(socket);
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return socket;
}

const problemOf = async (env?: NodeJS.ProcessEnv) => {
  const error = await kitErrorOf(() => resolved(env));
  expect([error.code, error.exitCode, error.problems.length]).toEqual([
    'engine-misconfigured',
    2,
    1,
  ]);
  return error.problems[0] as { path: string; message: string; hint: string };
};

describe('precedence', () => {
  beforeEach(async () => {
    await context('one', { Host: 'unix:///one.sock' });
    await context('two', { Host: 'unix:///two.sock' });
    await write('.docker/config.json', { currentContext: 'two' });
  });

  test.each([
    [{ DOCKER_HOST: 'unix:///h.sock' }, 'unix:///h.sock', 'DOCKER_HOST'],
    [
      { DOCKER_HOST: 'unix:///h.sock', DOCKER_CONTEXT: 'one' },
      'unix:///h.sock',
      'DOCKER_HOST, which overrides DOCKER_CONTEXT',
    ],
    [{ DOCKER_CONTEXT: 'one' }, 'unix:///one.sock', 'DOCKER_CONTEXT=one'],
    [
      { DOCKER_CONTEXT: '', DOCKER_HOST: '' },
      'unix:///two.sock',
      /^currentContext two of .*config/,
    ],
    [{ DOCKER_CONTEXT: 'default' }, `unix://${NO_SOCKET}`, "docker's default socket"],
    [{ DOCKER_HOST: ' ' }, `unix://${NO_SOCKET}`, "docker's default socket"],
  ])('%j', async (env, host, from) => {
    const engine = await resolved(env);
    expect(engine.host).toBe(host);
    expect(engine.from).toEqual(typeof from === 'string' ? from : expect.stringMatching(from));
  });

  test('DOCKER_CONFIG moves configuration and contexts', async () => {
    const DOCKER_CONFIG = join(home, 'elsewhere');
    expect((await resolved({ DOCKER_CONFIG })).host).toBe(`unix://${NO_SOCKET}`);
    const { path } = await problemOf({ DOCKER_CONFIG, DOCKER_CONTEXT: 'one' });
    expect(path).toBe('DOCKER_CONTEXT=one');
  });
});

describe('sockets of this machine, where the default one does not exist', () => {
  test.each([
    ['.docker/run/docker.sock', 'the socket of Docker Desktop'],
    ['.docker/desktop/docker.sock', 'the socket of Docker Desktop'],
    ['run/docker.sock', 'the socket of a rootless engine'],
    ['.orbstack/run/docker.sock', 'the socket of OrbStack'],
    ['.colima/default/docker.sock', 'the socket of Colima'],
    ['.rd/docker.sock', 'the socket of Rancher Desktop'],
    ['run/podman/podman.sock', 'the socket of Podman'],
  ])('%s', async (path, from) => {
    const socket = await listen(path);
    expect(await resolved()).toEqual({ host: `unix://${socket}`, from });
  });

  test('a file is no socket, and the default socket comes first', async () => {
    await write('default.sock', 'a file');
    const desktop = await listen('.docker/run/docker.sock');
    const first = (defaultSocket: string) => resolveEngine({ HOME: home }, { defaultSocket });
    expect((await first(join(home, 'default.sock'))).host).toBe(`unix://${desktop}`);
    const own = await listen('own.sock');
    expect(await first(own)).toEqual({ host: `unix://${own}`, from: "docker's default socket" });
  });
});

describe('TLS', () => {
  const tls = (directory: string, isVerified: boolean, files: readonly string[]) => ({
    directory: join(home, directory),
    files,
    isVerified,
  });
  const ALL = ['ca.pem', 'cert.pem', 'key.pem'];
  const certificates = async (directory: string, files = ALL) => {
    for (const file of files) await write(`${directory}/${file}`, 'PEM');
    return join(home, directory);
  };

  test('of a context: its files, and whether it verifies', async () => {
    await context('all', { Host: 'tcp://far:2376' }, ALL);
    await context('lax', { Host: 'tcp://far:2376', SkipTLSVerify: true });
    await context('plain', { Host: 'tcp://far:2375' });
    const of = async (DOCKER_CONTEXT: string) => (await resolved({ DOCKER_CONTEXT })).tls;
    expect(await of('all')).toEqual(tls(`.docker/contexts/tls/${idOf('all')}/docker`, true, ALL));
    expect(await of('lax')).toMatchObject({ isVerified: false, files: [] });
    expect(await of('plain')).toBeUndefined();
  });

  test.each([
    ['DOCKER_TLS_VERIFY', true],
    ['DOCKER_TLS', false],
  ])('%s with any value', async (name, isVerified) => {
    const DOCKER_CERT_PATH = await certificates('certs');
    const env = { DOCKER_HOST: 'tcp://far:2376', DOCKER_CERT_PATH, [name]: '0' };
    expect((await resolved(env)).tls).toEqual(tls('certs', isVerified, ALL));
    expect((await resolved({ ...env, [name]: '' })).tls).toBeUndefined();
  });

  test('without DOCKER_CERT_PATH: the files beside config.json', async () => {
    await certificates('.docker', ['ca.pem']);
    const env = { DOCKER_HOST: 'far:2376', DOCKER_TLS_VERIFY: '1' };
    expect(await resolved(env)).toEqual({
      host: 'tcp://far:2376',
      from: 'DOCKER_HOST',
      tls: tls('.docker', true, ['ca.pem']),
    });
    expect(await resolved({ DOCKER_TLS_VERIFY: '1' })).toMatchObject({
      host: 'tcp://localhost:2376',
      from: 'DOCKER_TLS_VERIFY without DOCKER_HOST',
    });
  });

  test('left-over variables beside a socket, ssh or a context do nothing', async () => {
    await context('one', { Host: 'tcp://far:2375' });
    const left = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/gone' };
    for (const DOCKER_HOST of ['unix:///h.sock', 'ssh://far']) {
      expect(await resolved({ DOCKER_HOST, ...left })).toEqual({
        host: DOCKER_HOST,
        from: 'DOCKER_HOST',
      });
    }
    expect((await resolved({ DOCKER_CONTEXT: 'one', ...left })).tls).toBeUndefined();
    expect((await resolved({ DOCKER_CERT_PATH: '/gone' })).host).toBe(`unix://${NO_SOCKET}`);
  });

  test('demanded without the authority’s certificate', async () => {
    const left = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/gone' };
    expect(await problemOf({ DOCKER_HOST: 'tcp://far:2376', ...left })).toEqual({
      path: 'DOCKER_TLS_VERIFY',
      message: 'it demands TLS, but DOCKER_CERT_PATH (/gone) has no ca.pem',
      hint: expect.stringContaining('Unset DOCKER_TLS_VERIFY'),
    });
    expect((await problemOf(left)).path).toBe('DOCKER_TLS_VERIFY');
  });
});

describe('what a user can break is an error that names it', () => {
  test.each([
    ['http://far:2375', /'http' is no scheme/],
    ['unix://unix:///x', /two schemes/],
    ['tcp://far:port', /host or port/],
    ['tcp://far:99999', /host or port/],
    ['fd://3', /'fd' is no scheme/],
    ['ssh://user:hunter2@far', /password/],
    ['ssh://', /host/],
    ['ssh://far?x', /neither/],
    ['tcp://far b', /host or port/],
    ['\u001b[31m://x', /no scheme/],
  ])('DOCKER_HOST=%s', async (DOCKER_HOST, why) => {
    const { path, message, hint } = await problemOf({ DOCKER_HOST });
    expect(path).toBe('DOCKER_HOST');
    expect(message).toMatch(why);
    expect(message).not.toContain('hunter2');
    expect(hint).toContain('Correct DOCKER_HOST, or unset it');
  });

  test('a context that does not exist, with those that do', async () => {
    await context('one', { Host: 'unix:///one.sock' });
    await write('.docker/contexts/meta/broken/meta.json', '{');
    await write('.docker/config.json', { currentContext: 'gone' });
    const { path, message } = await problemOf();
    expect(path).toBe(`currentContext gone of ${join(home, '.docker/config.json')}`);
    expect(message).toContain("no context 'gone'");
    expect(message).toMatch(/it has default, one$/);
    expect((await problemOf({ DOCKER_CONTEXT: '../..' })).path).toBe('DOCKER_CONTEXT=../..');
  });

  test.each([
    ['no JSON', '{"auths": {"r": {"auth": "c2VjcmV0"'],
    ['a list', []],
    ['a number as context', { currentContext: 1 }],
  ])('config.json: %s, never showing its content', async (_, content) => {
    await write('.docker/config.json', content);
    const { path, message } = await problemOf();
    expect(path).toBe(join(home, '.docker/config.json'));
    expect(message).not.toContain('c2Vj');
    expect((await resolved({ DOCKER_HOST: 'unix:///h.sock' })).host).toBe('unix:///h.sock');
  });

  test('an empty config.json is none; a directory in its place is told', async () => {
    await write('.docker/config.json', '');
    expect((await resolved()).host).toBe(`unix://${NO_SOCKET}`);
    await mkdir(join(home, 'other/config.json'), { recursive: true });
    const { message } = await problemOf({ DOCKER_CONFIG: join(home, 'other') });
    expect(message).toContain('it is a directory');
  });

  test.each([
    ['no JSON', '{'],
    ['no endpoint', { Name: 'one', Endpoints: {} }],
    ['no text', { Endpoints: { docker: { Host: 1 } } }],
    ['no address', { Endpoints: { docker: { Host: 'http://x' } } }],
    ['null', { Endpoints: null }],
  ])('a context: %s', async (_, meta) => {
    const path = `.docker/contexts/meta/${idOf('one')}/meta.json`;
    await write(path, meta);
    expect((await problemOf({ DOCKER_CONTEXT: 'one' })).path).toBe(join(home, path));
  });

  test('the variable of the kit’s own programs', async () => {
    const { path } = await problemOf({ CLUSTERKIT_ENGINE: 'unix:///x' });
    expect(path).toBe('CLUSTERKIT_ENGINE');
  });
});
