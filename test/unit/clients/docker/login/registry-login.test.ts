import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { authConfigOf } from '../../../../../clients/docker/login/login.js';
import { registryLogin } from '../../../../../clients/docker/login/registry-login.js';
import { kitErrorOf } from '../../../../support/kit-error-of.js';
import { temporaryDirectory } from '../../../../support/temporary-directory.js';

let home: string;
let env: NodeJS.ProcessEnv;
beforeEach(async () => {
  home = await temporaryDirectory();
  await mkdir(join(home, '.docker'));
  env = { HOME: home, PATH: `${home}:/usr/bin:/bin` };
});

const config = (content: object) =>
  writeFile(join(home, '.docker/config.json'), JSON.stringify(content));

/** A helper as docker calls it; `body` has the registry in `$registry`. */
async function helper(name: string, body: string) {
  const path = join(home, `docker-credential-${name}`);
  const record = `echo "$@" > '${home}/arguments'`;
  await writeFile(path, `#!/bin/sh\nread registry || true\n${record}\n${body}\n`);
  await chmod(path, 0o755);
}

const PRINTS = `echo '{"ServerURL":"x","Username":"ann","Secret":"pw"}'`;
const basic = (text: string) => ({ auth: Buffer.from(text).toString('base64') });

/** The login in the engine's form. */
const loginFor = async (image: string, more: NodeJS.ProcessEnv = {}) => {
  const login = await registryLogin(image, { ...env, ...more });
  return login && authConfigOf(login);
};

const ANN = { username: 'ann', password: 'pw' };

describe('logins of config.json', () => {
  test.each([
    ['r.example/a/b:1', 'r.example'],
    ['r.example:5000/a', 'r.example:5000'],
    ['localhost/a', 'localhost'],
    ['r.example/a', 'https://r.example/v1/'],
    ['postgres:15', 'https://index.docker.io/v1/'],
    ['acme/app', 'https://index.docker.io/v1/'],
    ['docker.io/acme/app', 'https://index.docker.io/v1/'],
  ])('%s has the login of %s', async (image, key) => {
    await config({ auths: { [key]: basic('ann:pw'), 'other.example': basic('bob:x') } });
    expect(await loginFor(image)).toMatchObject(ANN);
  });

  test('a password with colons, an identity token, and no login', async () => {
    const auths = {
      'a.example': basic('ann:p:w:'),
      'b.example': { identitytoken: 'token' },
      'c.example': {},
    };
    await config({ auths });
    expect(await loginFor('a.example/x')).toMatchObject({ username: 'ann', password: 'p:w:' });
    expect(await loginFor('b.example/x')).toMatchObject({ username: '', identitytoken: 'token' });
    expect(await loginFor('c.example/x')).toBeUndefined();
    expect(await loginFor('a.example.org/x')).toBeUndefined();
  });

  test('without a configuration there is none', async () => {
    expect(await loginFor('r.example/x')).toBeUndefined();
  });

  test.each([
    ['no base64 of NAME:PASSWORD', { auths: { 'r.example': { auth: 'c2VjcmV0' } } }],
    ['no text', { auths: { 'r.example': { auth: 5 } } }],
    ['a list', { credHelpers: ['x'] }],
  ])('broken: %s', async (_, content) => {
    await config(content);
    const error = await kitErrorOf(() => registryLogin('r.example/x', env));
    expect(error).toMatchObject({ code: 'registry-login-unusable', exitCode: 3 });
    expect(error.problems[0]?.path).toBe(join(home, '.docker/config.json'));
    expect(error.message).not.toMatch(/secret|c2Vj/);
  });
});

describe('helpers', () => {
  test('of one registry before that of all, with the registry as input only', async () => {
    await helper('all', 'echo wrong; exit 1');
    await helper('own', `test "$registry" = r.example && ${PRINTS}`);
    await config({ credsStore: 'all', credHelpers: { 'r.example': 'own' } });
    expect(await loginFor('r.example/x')).toMatchObject(ANN);
    expect(await readFile(join(home, 'arguments'), 'utf8')).toBe('get\n');
  });

  test('an identity token', async () => {
    await helper('all', `echo '{"Username":"<token>","Secret":"token"}'`);
    await config({ credsStore: 'all' });
    expect(await loginFor('r.example/x')).toEqual({
      username: '',
      password: '',
      serveraddress: 'r.example',
      identitytoken: 'token',
    });
  });

  test('one that has no login', async () => {
    await helper('all', 'echo credentials not found in native keychain; exit 1');
    await config({ credsStore: 'all' });
    expect(await loginFor('r.example/x')).toBeUndefined();
  });

  test.each([
    ['missing', undefined, 'is not on the PATH'],
    ['failing', 'echo the store is locked; exit 3', 'ended with 3: the store is locked'],
    ['talking', 'echo hello', 'gave no JSON with Username and Secret'],
  ])('%s', async (_, body, why) => {
    if (body !== undefined) await helper('all', body);
    await config({ credsStore: 'all' });
    const error = await kitErrorOf(() => registryLogin('r.example/x', env));
    expect(error).toMatchObject({ code: 'registry-login-unusable', exitCode: 3 });
    expect(error.problems[0]).toMatchObject({
      path: join(home, '.docker/config.json'),
      message: `credsStore names docker-credential-all, which ${why}`,
    });
  });

  test('the usual one of the system is used without being named, and may fail', async () => {
    await helper('secretservice', PRINTS);
    const path = { PATH: `${home}:/bin` };
    if (process.platform === 'linux') {
      expect(await loginFor('r.example/x', path)).toMatchObject(ANN);
      await helper('secretservice', 'exit 1');
    }
    expect(await loginFor('r.example/x', path)).toBeUndefined();
  });
});

test('DOCKER_AUTH_CONFIG comes first; what it does not have is in config.json', async () => {
  await config({ auths: { 'a.example': basic('bob:x'), 'b.example': basic('ann:pw') } });
  const DOCKER_AUTH_CONFIG = JSON.stringify({ auths: { 'a.example': basic('ann:pw') } });
  expect(await loginFor('a.example/x', { DOCKER_AUTH_CONFIG })).toMatchObject(ANN);
  expect(await loginFor('b.example/x', { DOCKER_AUTH_CONFIG })).toMatchObject(ANN);
  const broken = { ...env, DOCKER_AUTH_CONFIG: '{' };
  const error = await kitErrorOf(() => registryLogin('a.example/x', broken));
  expect(error.problems[0]?.path).toBe('DOCKER_AUTH_CONFIG');
});
