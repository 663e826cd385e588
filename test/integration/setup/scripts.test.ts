import { chmod, copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const run = (
  file: string,
  argv: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
) =>
  execa(file, argv, {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, ...env },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    all: true,
  });

test.each([
  ['CDPATH that has a directory of the same name', { CDPATH: '/tmp:.' }],
  ['a locale that the machine does not have', { LC_ALL: 'xx_YY.UTF-8', LANG: 'tr_TR' }],
  ['NODE_ENV and options of npm', { NODE_ENV: 'production', npm_config_omit: 'dev' }],
])('clusterkit by a link, from elsewhere, with %s', async (_name, env) => {
  const cwd = await temporaryDirectory();
  await symlink(`${ROOT}scripts/clusterkit`, join(cwd, 'ck'));
  await mkdir(join(cwd, 'scripts'));
  for (const call of [['./ck'], ['sh', `${ROOT}scripts/clusterkit`]]) {
    const [file = '', ...argv] = call;
    const { exitCode, stdout } = await run(file, [...argv, '--version'], { cwd, env });
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
  }
});

test('a TMPDIR that is not there: setup says so and goes on', async () => {
  const cwd = await temporaryDirectory();
  const env = { TMPDIR: join(cwd, 'none') };
  const { exitCode, all } = await run(`${ROOT}scripts/setup`, ['--code'], { cwd, env });
  expect([exitCode, all]).toEqual([0, expect.stringContaining(`TMPDIR=${env.TMPDIR} is not`)]);
});

test('a clone with core.autocrlf has LF wherever a shell or a container reads', async () => {
  const cwd = await temporaryDirectory();
  const source = await run('git', ['-C', ROOT, 'rev-parse', '--git-dir'], { cwd });
  if (source.exitCode !== 0) return;
  await run('git', ['-c', 'core.autocrlf=true', 'clone', '-q', ROOT, 'clone'], { cwd });
  const clone = join(cwd, 'clone');
  await copyFile(`${ROOT}.gitattributes`, join(clone, '.gitattributes'));
  const { stdout } = await run('git', ['ls-files', '--eol'], { cwd: clone });
  expect(stdout.split('\n').filter((line) => line.includes('w/crlf'))).toEqual([]);
  expect(stdout).toMatch(/w\/lf +attr\/text=auto eol=lf +\tscripts\/setup/);
});

/** A checkout with one package, which npm omits in production: the compiler. */
async function smallCheckout() {
  const root = await temporaryDirectory();
  const files = {
    'package.json': { name: 'small', devDependencies: { typescript: 'file:compiler' } },
    'package-lock.json': {
      ...{ name: 'small', lockfileVersion: 3, requires: true },
      packages: {
        '': { name: 'small', devDependencies: { typescript: 'file:compiler' } },
        compiler: { name: 'typescript', version: '1.0.0', dev: true },
        'node_modules/typescript': { resolved: 'compiler', link: true },
      },
    },
    'compiler/package.json': { name: 'typescript', version: '1.0.0' },
    'tsconfig.json': {},
    'tsconfig.build.json': { include: [] },
  };
  for (const name of ['compiler/bin', 'setup', 'dist/cli'])
    await mkdir(join(root, name), { recursive: true });
  for (const [name, content] of Object.entries(files))
    await writeFile(join(root, name), JSON.stringify(content));
  const compiler =
    "const fs = require('node:fs'); fs.mkdirSync('dist/cli', { recursive: true }); fs.writeFileSync('dist/cli/main.js', '')";
  await writeFile(join(root, 'compiler/bin/tsc'), compiler);
  await writeFile(join(root, 'setup/bundle.mjs'), '');
  await copyFile(`${ROOT}setup/prepare.mjs`, join(root, 'setup/prepare.mjs'));
  const prepare = (env: NodeJS.ProcessEnv = {}) =>
    run(process.execPath, ['setup/prepare.mjs'], { cwd: root, env });
  return { root, prepare };
}

test('npm installs the compiler whatever the environment makes it leave out', async () => {
  const { root, prepare } = await smallCheckout();
  const env = {
    NODE_ENV: 'production',
    npm_config_omit: 'optional',
    npm_config_production: 'true',
  };
  await writeFile(join(root, '.npmrc'), 'omit=dev\n');
  const first = await prepare(env);
  expect([first.exitCode, first.all]).toEqual([0, expect.stringContaining('compiled')]);
  const again = await prepare(env);
  expect(again.all).toBe('packages   … already installed\nbuild      … already compiled');
});

test('packages that were removed later are installed again', async () => {
  const { root, prepare } = await smallCheckout();
  expect((await prepare()).exitCode).toBe(0);
  const pruned = await run('npm', ['prune', '--omit=dev', '--no-audit'], { cwd: root });
  expect(pruned.exitCode, pruned.all).toBe(0);
  const again = await prepare();
  expect([again.exitCode, again.all]).toEqual([
    0,
    expect.stringContaining('packages   … installed'),
  ]);
  expect(await readFile(join(root, 'node_modules/typescript/bin/tsc'), 'utf8')).toContain('fs');
});

test.skipIf(process.getuid?.() === 0)(
  'a checkout that may not be written is said, with exit 3',
  async () => {
    const { root, prepare } = await smallCheckout();
    await chmod(root, 0o500);
    const { exitCode, all } = await prepare();
    await chmod(root, 0o700);
    expect([exitCode, all]).toEqual([3, expect.stringContaining('EACCES')]);
  },
);
