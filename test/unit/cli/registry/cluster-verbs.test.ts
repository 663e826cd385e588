import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../../../cli/program.js';
import { registerClusterVerbs } from '../../../../cli/registry/register.js';
import { newKeyPair } from '../../../../cluster/keys/key-pair.js';
import { fakeProcess } from '../../../support/fake-process.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const FILE = `# mine
clusters:
  a: # first
    host: 'http://a:1'
    note: kept
  b:
    host: http://b:2
cloudSessionKey: old
`;

async function registry(text = FILE) {
  const path = join(await temporaryDirectory(), 'config.yml');
  await writeFile(path, text);
  const run = async (argv: string[], stdin = '') => {
    const { world, written } = fakeProcess();
    (world.stdin as unknown as NodeJS.WritableStream).end(stdin);
    const code = await runProgram(
      [...argv, '--registry', path],
      '0.0.0',
      [registerClusterVerbs],
      world,
    );
    return { code, ...written };
  };
  return { path, run, text: () => readFile(path, 'utf8') };
}

describe('clusterkit cluster', () => {
  test('remove takes the entry alone, and is done when it is gone', async () => {
    const { run, text } = await registry();
    expect(await run(['cluster', 'remove', 'b'])).toMatchObject({
      code: 0,
      stdout: 'Cluster b removed.\n',
    });
    expect(await text()).toBe(FILE.replace('  b:\n    host: http://b:2\n', ''));
    expect(await run(['cluster', 'remove', 'b'])).toMatchObject({ code: 0 });
  });

  test('rename changes the name alone', async () => {
    const { run, text } = await registry();
    expect((await run(['cluster', 'rename', 'a', 'c'])).code).toBe(0);
    expect(await text()).toBe(FILE.replace('  a: # first', '  c: # first'));
    expect(await kitErrorOf(() => run(['cluster', 'rename', 'b', 'c']))).toMatchObject({
      code: 'registry-conflict',
    });
  });

  test('logout removes the cloud session alone, and says when there is none', async () => {
    const { run, text } = await registry();
    expect((await run(['logout'])).stdout).toContain('removed; the clusters stay');
    expect(await text()).toBe(FILE.replace('cloudSessionKey: old\n', ''));
    expect((await run(['logout'])).stdout).toBe(
      'There was no session of the former Prisma Cloud.\n',
    );
  });

  test('login says that the cloud is gone', async () => {
    const { run } = await registry();
    expect(await kitErrorOf(() => run(['login']))).toMatchObject({
      code: 'cloud-gone',
      exitCode: 2,
    });
  });

  test('an unknown name is an error with a suggestion', async () => {
    const { run } = await registry('clusters:\n  staging:\n    host: http://s:1\n');
    const error = await kitErrorOf(() => run(['cluster', 'show', 'stagin']));
    expect(error).toMatchObject({ code: 'cluster-unknown', exitCode: 2 });
    expect(error.message).toContain("Did you mean 'staging'?");
  });

  test('add, show, public-key, token, verify-token of a generated key', async () => {
    const { run, path } = await registry();
    const host = 'http://localhost:1';
    const added = await run(['cluster', 'add', 'new', '--host', host, '--generate', '--json']);
    const { publicKey } = JSON.parse(added.stdout);
    expect(publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    expect((await run(['cluster', 'public-key', 'new'])).stdout).toBe(publicKey);

    const shown = await run(['cluster', 'show', 'new', '--json']);
    expect(JSON.parse(shown.stdout)).toEqual({
      name: 'new',
      host,
      file: `${path}:8`,
      origin: 'ours',
      secret: 'private key',
      fingerprint: expect.stringMatching(/^SHA256:[\w+/]{43}$/),
    });
    expect(shown.stdout).not.toContain('PRIVATE');

    const narrow = ['cluster', 'token', 'new', '--service', 's', '--stage', 't', '--ttl', '1h'];
    const { stdout: token } = await run(narrow);
    const { grants, iat = 0, exp } = decodeJwt(token.trim());
    expect(grants).toEqual([{ target: 's/t', action: 'deploy' }]);
    expect(exp).toBe(iat + 3600);
    expect((await run(['cluster', 'verify-token', 'new'], token)).code).toBe(0);
    expect((await run(['cluster', 'verify-token', 'new'], 'nonsense')).code).toBe(4);
  });

  test('add, show, public-key, token, verify-token of a shared secret', async () => {
    const { run, path, text } = await registry('');
    const add = ['cluster', 'add', 's', '--host', 'http://s:1', '--no-verify', '--secret-stdin'];
    expect((await run(add, 'hush-hush\n')).code).toBe(0);
    expect(await text()).toContain('clusterSecret: "hush-hush"\n');
    expect(JSON.parse((await run(['cluster', 'show', 's', '--json'])).stdout)).toEqual({
      name: 's',
      host: 'http://s:1',
      file: `${path}:2`,
      origin: 'ours',
      secret: 'HS256 shared secret',
      fingerprint: null,
    });
    const error = await kitErrorOf(() => run(['cluster', 'public-key', 's']));
    expect(error).toMatchObject({ code: 'no-public-key', exitCode: 2 });
    expect(error.message).toContain('which has no public half');
    const mint = ['cluster', 'token', 's', '--service', 'a', '--stage', 'b'];
    const { stdout: token } = await run(mint);
    expect(decodeProtectedHeader(token.trim()).alg).toBe('HS256');
    expect((await run(['cluster', 'verify-token', 's'], token)).code).toBe(0);
    const again = [...add.slice(0, -1), '--secret-file', join(path, '..', 'other'), '--force'];
    await writeFile(join(path, '..', 'other'), 'another\n');
    expect((await run(again)).code).toBe(0);
    expect((await run(['cluster', 'verify-token', 's'], token)).code).toBe(4);
  });

  test('a secret is given in one way alone', async () => {
    const { run } = await registry();
    const add = ['cluster', 'add', 'k', '--host', 'http://k:1', '--secret-file', 'f', '--generate'];
    const error = await kitErrorOf(() => run(add));
    expect(error).toMatchObject({ code: 'key-ambiguous', exitCode: 2 });
    expect(error.message).toContain('only one of --secret-file and --generate');
  });

  test('token asks what for', async () => {
    const { run } = await registry();
    const error = await kitErrorOf(() => run(['cluster', 'token', 'a']));
    expect(error.problems.map(({ path }) => path)).toEqual(['--service', '--stage']);
  });

  test('a key by stdin, without asking the server', async () => {
    const { run, text } = await registry('');
    const pem = (await newKeyPair()).privateKey.reveal();
    const argv = ['cluster', 'add', 'k', '--host', 'http://k:1', '--key-stdin', '--no-verify'];
    expect(await run(argv, pem)).toMatchObject({ code: 0 });
    expect(await text()).toContain("k:\n    host: 'http://k:1'");
  });

  test('without a terminal nothing is asked: what is missing is named', async () => {
    const { run } = await registry();
    expect(await kitErrorOf(() => run(['cluster', 'add', 'k']))).toMatchObject({
      code: 'option-missing',
      exitCode: 2,
    });
    const host = ['--host', 'http://k:1'];
    expect(await kitErrorOf(() => run(['cluster', 'add', 'k', ...host]))).toMatchObject({
      code: 'secret-missing',
    });
  });
});
