import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { newKeyPair } from '../../../cluster/keys/key-pair.js';
import { type FolderTemplates, TEMPLATES } from '../../../service/init/render-folder.js';
import { type InitRequest, initService } from '../../../service/init-service.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { lockedGateway, lockedServer, secretServer } from '../../support/locked-server.js';
import { silentHost } from '../../support/management-server.js';
import { entryText } from '../../support/registry-files.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const { privateKey, publicKey } = await newKeyPair();
const KEY = privateKey.reveal();
const SECRET_VARIABLE = ['$', '{env:PRISMA_SECRET}'].join('');
const ENDPOINT_VARIABLE = ['$', '{env:PRISMA_ENDPOINT}'].join('');

async function templates(): Promise<FolderTemplates> {
  const at = (name: string) =>
    fileURLToPath(new URL(`../../../templates/service/${name}`, import.meta.url));
  const texts = await Promise.all(
    TEMPLATES.map(async (name) => [name, await readFile(at(name), 'utf8')] as const),
  );
  return Object.fromEntries(texts) as FolderTemplates;
}

/** A directory to work in, with a registry; no CLI is on PATH. */
async function place(registryText = '') {
  const root = await temporaryDirectory();
  const registry = join(root, 'registry.yml');
  await writeFile(registry, `clusters:\n${registryText}`);
  const directory = join(root, 'work', 'blog');
  const init = (
    request: Partial<InitRequest> = {},
    env: NodeJS.ProcessEnv = {},
    choose?: () => Promise<string>,
  ) =>
    initService(
      { service: 'blog', directory, ...request },
      {
        ...{
          registry,
          env,
          templates,
          platform: 'linux',
          umask: 0o022,
          call: '/kit/scripts/clusterkit',
          choose,
        },
        signal: new AbortController().signal,
      },
    );
  const read = (name: string) => readFile(join(directory, name), 'utf8');
  return { root, directory, init, read };
}

describe('initService', () => {
  test('defaults: the last CLI, an address from a variable, a closed API', async () => {
    const { directory, init, read } = await place();
    expect(await init()).toEqual({
      service: 'blog',
      directory,
      form: 'endpoint',
      notes: [],
      cluster: null,
      server: null,
      cli: { name: 'prisma1', version: '1.34.12' },
      files: ['prisma.yml', 'datamodel.prisma', '.env', '.gitignore', 'package.json', 'README.md'],
    });
    expect(parse(await read('prisma.yml'))).toEqual({
      endpoint: `${ENDPOINT_VARIABLE}/blog/dev`,
      datamodel: 'datamodel.prisma',
      secret: SECRET_VARIABLE,
    });
    expect(await read('datamodel.prisma')).toContain('id: ID! @id\n');
    expect(await read('.env')).toMatch(/^PRISMA_SECRET=[\w-]{32}\n$/);
    expect(await read('.gitignore')).toBe('node_modules/\n.env\n');
    expect(JSON.parse(await read('package.json'))).toEqual({
      name: 'blog',
      private: true,
      scripts: { deploy: '/kit/scripts/clusterkit deploy' },
      devDependencies: { prisma1: '1.34.12' },
    });
    const readme = await read('README.md');
    expect(readme).toContain('npm run deploy -- --cluster NAME');
    expect(readme).not.toMatch(/@(?!id`|1\.)[A-Za-z]/);
  });

  test('custom: an old CLI', async () => {
    const { init, read } = await place();
    expect(await init({ cli: '1.0.11' })).toMatchObject({ form: 'cluster' });
    expect(parse(await read('prisma.yml'))).toEqual({
      service: 'blog',
      stage: 'dev',
      datamodel: 'datamodel.graphql',
      secret: SECRET_VARIABLE,
    });
    expect(await read('datamodel.graphql')).toContain('id: ID! @unique\n');
    expect(JSON.parse(await read('package.json')).devDependencies).toEqual({
      mkdirp: '0.5.6',
      prisma: '1.0.11',
    });
  });

  const rsa = (version: string) => async () => ({
    host: (await lockedServer(publicKey, version)).host,
    secret: KEY,
  });
  const shared = (version: string) => async () => ({
    host: (await secretServer('s', version)).host,
    secret: 's',
  });
  const behindGateway = async () => ({ host: (await lockedGateway(publicKey)).host, secret: KEY });
  test.each([
    ['A', rsa('1.6.3'), 'prisma@1.6.3', 'cluster', '@unique'],
    ['B with a key pair', rsa('1.8.3'), 'prisma@1.8.3', 'cluster', '@unique'],
    ['B with a secret', shared('1.20.7'), 'prisma1@1.34.12', 'endpoint', '@unique'],
    ['C', shared('1.34.12'), 'prisma1@1.34.12', 'endpoint', '@id'],
    ['C with a key pair', behindGateway, 'prisma@1.8.3', 'cluster', '@id'],
  ] as const)('a cluster of generation %s: what fits it', async (_, server, cli, form, id) => {
    const { host, secret } = await server();
    const { init, read } = await place(entryText('eu', host, secret));
    const result = await init({ cluster: 'eu' });
    expect([`${result.cli.name}@${result.cli.version}`, result.form, result.notes]).toEqual([
      cli,
      form,
      [],
    ]);
    const definition = await read('prisma.yml');
    if (form === 'cluster')
      expect(parse(definition)).toMatchObject({ cluster: 'eu', stage: 'dev' });
    else expect(definition).toMatch(/^# cluster: eu$/m);
    expect(await read(result.files[1] ?? '')).toContain(`id: ID! ${id}\n`);
    expect(await read('README.md')).toContain('eval "$(/kit/scripts/clusterkit env eu)"');
    expect(await read('README.md')).not.toContain('NAME');
  });

  test('a CLI that does not fit the cluster is refused before anything is made', async () => {
    const { host, secret } = await rsa('1.6.3')();
    const { init, root } = await place(entryText('eu', host, secret));
    const error = await kitErrorOf(() => init({ cluster: 'eu', cli: '1.34.12' }));
    expect(error).toMatchObject({ code: 'cli-unfit', exitCode: 2 });
    expect(error.message).toContain('prisma@1.6.3');
    expect(await readdir(root)).toEqual(['registry.yml']);
  });

  test('reports a server that does not answer; the kind of its secret decides', async () => {
    const { init } = await place(entryText('eu', await silentHost(), 's'));
    const result = await init({ cluster: 'eu' });
    expect(result).toMatchObject({ server: null, cli: { name: 'prisma1' } });
    expect(result.notes).toEqual(['The server of eu does not answer, so its version is unknown.']);
  });

  test('uses the CLI that it finds, if it fits', async () => {
    const { host, secret } = await shared('1.34.12')();
    const { init, root, directory } = await place(entryText('eu', host, secret));
    const bin = join(root, 'node_modules', '.bin');
    await mkdir(join(root, 'node_modules', 'prisma'), { recursive: true });
    await mkdir(bin);
    await writeFile(
      join(root, 'node_modules', 'prisma', 'package.json'),
      '{"name":"prisma","version":"1.6.3"}',
    );
    await writeFile(join(root, 'node_modules', 'prisma', 'index.js'), '');
    await symlink('../prisma/index.js', join(bin, 'prisma'));
    expect((await init({ directory: `${directory}-1`, cli: '1.8.3' })).cli.version).toBe('1.8.3');
    const { cli, notes } = await init();
    expect(cli.version).toBe('1.34.12');
    expect(notes).toEqual([expect.stringMatching(/^Skipped .*prisma \(1\.6\.3\): /)]);
  });

  test('the only cluster of the registry is meant; of several, the one that the user chooses', async () => {
    const { host, secret } = await shared('1.34.12')();
    const one = await place(entryText('eu', host, secret));
    expect((await one.init()).cluster).toBe('eu');
    const entries = `${entryText('eu', host, secret)}${entryText('us', host, secret)}`;
    const two = await place(entries);
    const error = await kitErrorOf(() => two.init());
    expect(error).toMatchObject({ code: 'cluster-unnamed', exitCode: 2 });
    expect(error.message).toContain('--cluster NAME. Known: eu, us.');
    expect(await readdir(two.root)).toEqual(['registry.yml']);
    expect((await two.init({}, {}, async () => 'us')).cluster).toBe('us');
  });

  test('rejects a directory with files, and lists them; ignores .git', async () => {
    const { init, directory } = await place();
    await mkdir(join(directory, '.git'), { recursive: true });
    await writeFile(join(directory, 'mine.txt'), 'mine');
    const error = await kitErrorOf(() => init());
    expect(error).toMatchObject({ code: 'directory-not-empty', exitCode: 2 });
    expect(error.message).toContain('not empty: mine.txt');
    expect((await readdir(directory)).sort()).toEqual(['.git', 'mine.txt']);
    await promisify(execFile)('rm', [join(directory, 'mine.txt')]);
    expect((await init()).files).toHaveLength(6);
    expect(await readdir(directory)).toHaveLength(7);
  });

  test('leaves nothing after an error', async () => {
    const { init, root } = await place();
    await writeFile(join(root, 'work'), 'a file');
    const error = await kitErrorOf(() => init());
    expect(error).toMatchObject({ code: 'directory-unusable', exitCode: 3 });
    expect((await readdir(root)).sort()).toEqual(['registry.yml', 'work']);
  });

  test('modes by the umask of the caller, the secret for its owner only', async () => {
    const { root, directory, init } = await place();
    await init();
    const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect(await modeOf(join(root, 'work'))).toBe('755');
    expect(await modeOf(directory)).toBe('755');
    expect(await modeOf(join(directory, 'prisma.yml'))).toBe('644');
    expect(await modeOf(join(directory, '.env'))).toBe('600');
  });

  test('a bad name, a bad version, an unknown cluster: exit 2, and nothing is made', async () => {
    const { root, init } = await place(entryText('eu', 'http://a', 's'));
    const codes = [];
    for (const request of [{ service: 'a b' }, { cli: '2' }, { cluster: 'us' }]) {
      codes.push((await kitErrorOf(() => init(request))).code);
    }
    expect(codes).toEqual(['service-name-invalid', 'cli-version-invalid', 'cluster-unknown']);
    expect(await readdir(root)).toEqual(['registry.yml']);
  });

  test('a name that YAML or a shell would misread', async () => {
    const { host } = await secretServer('s', '1.7.4');
    const { init, read } = await place(
      `${entryText('true', host, 's')}${entryText('"a b"', host, 's')}`,
    );
    await init({ cluster: 'true', cli: '1.7.4' });
    expect(parse(await read('prisma.yml'))).toMatchObject({ cluster: 'true' });
    const { directory } = await init({ cluster: 'a b', directory: await temporaryDirectory() });
    const text = await readFile(join(directory, 'prisma.yml'), 'utf8');
    expect(text).not.toContain('a b');
  });
});
