import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { functionContext } from '../../../../apps/build/function-context.js';
import { directoryWith, type Files } from '../../../support/build-fixtures.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

const json = JSON.stringify;
const FROM = 'FROM clusterkit/functions:0.1.0';

/** Instructions of the generated Dockerfile, without the options of npm. */
async function instructionsOf(files: Files): Promise<string[]> {
  const { generated } = await functionContext(await directoryWith(files));
  const shortened = (generated.get('Dockerfile') ?? '')
    .replaceAll(/\[ ! -s .*?; /g, '')
    .replaceAll(/ --cache .*$/gm, '');
  return shortened.trim().split('\n');
}

const AROUND = (...inside: string[]) => [
  `${FROM} AS build`,
  'USER root',
  'COPY .clusterkit/authorities.pem /tmp/',
  ...inside,
  'RUN rm -rf .npmrc .clusterkit',
  FROM,
  'COPY --from=build /workspace .',
];

describe('functionContext', () => {
  test.each<[string, Files, string[]]>([
    ['without packages', { 'index.js': '' }, [FROM, 'COPY . .']],
    [
      'without a lock file',
      { 'package.json': json({ dependencies: { a: '1' } }), 'index.js': '' },
      AROUND('COPY ["package.json","./"]', 'RUN npm install --omit=dev', 'COPY . .'),
    ],
    [
      'with lock file and registry',
      {
        'package.json': json({ dependencies: { a: '1' }, main: 'a' }),
        'package-lock.json': '{}',
        '.npmrc': 'registry=https://npm.example/\n',
        'a.js': '',
      },
      AROUND(
        'COPY ["package.json","package-lock.json",".npmrc","./"]',
        'RUN npm ci --omit=dev',
        'COPY . .',
      ),
    ],
    [
      'with a build script',
      {
        'package.json': json({ scripts: { build: 'tsc' }, devDependencies: { a: '1' } }),
        'package-lock.json': '{}',
      },
      AROUND(
        'COPY ["package.json","package-lock.json","./"]',
        'RUN npm ci --include=dev',
        'COPY . .',
        'RUN npm run build && npm prune --omit=dev',
      ),
    ],
    [
      'whose installation reads its code',
      {
        'package.json': json({ scripts: { postinstall: 'x' }, dependencies: { a: '1' } }),
        'index.js': '',
      },
      AROUND('COPY . .', 'RUN npm install --omit=dev'),
    ],
  ])('%s', async (_, files, instructions) => {
    expect(await instructionsOf(files)).toEqual(instructions);
  });

  test('leaves out packages, secrets and what git keeps, unless a line includes it again', async () => {
    const files = {
      'index.js': '',
      '.env': '',
      '.env.production': '',
      'sub/.env': '',
      '.npmrc': '',
      'node_modules/a/index.js': '',
      '.git/config': '',
    };
    const pathsOf = async (more: Files) =>
      (await functionContext(await directoryWith({ ...files, ...more }))).entries
        .filter(({ kind }) => kind === 'file')
        .map(({ path }) => path);
    expect(await pathsOf({})).toEqual(['index.js']);
    const again = { '.dockerignore': '!.env.production\n' };
    expect(await pathsOf(again)).toEqual(['.dockerignore', '.env.production', 'index.js']);
  });

  test('of one file has that file, and a package that names it', async () => {
    const directory = await directoryWith({ 'hello.ts': '', 'other.js': '' });
    const { entries, generated } = await functionContext(join(directory, 'hello.ts'));
    expect(entries.map(({ path }) => path)).toEqual(['hello.ts']);
    expect(JSON.parse(generated.get('package.json') ?? '')).toMatchObject({ main: './hello.ts' });
  });

  test.each<[string, Files, string]>([
    ['no module', { 'package.json': '{}' }, 'there is no index.js'],
    ['no main', { 'package.json': json({ main: 'dist/a.js' }) }, 'there is no dist/a.js, which'],
    ['broken JSON', { 'package.json': '{' }, 'npm could not read it'],
    ['other types', { 'package.json': '{"main":1}' }, 'have other types'],
    [
      'a login',
      {
        'package.json': json({ dependencies: { a: '1' } }),
        'index.js': '',
        '.npmrc': '//npm.example/:_authToken=secret-of-npm\n',
      },
      'it logs in to a registry',
    ],
  ])('refuses %s', async (_, files, message) => {
    const directory = await directoryWith(files);
    const error = await kitErrorOf(() => functionContext(directory));
    expect(error).toMatchObject({ code: 'app-function-unfit', exitCode: 2 });
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('secret-of-npm');
  });

  test('refuses a file in another language', async () => {
    const directory = await directoryWith({ 'hello.py': '' });
    const error = await kitErrorOf(() => functionContext(join(directory, 'hello.py')));
    expect(error.code).toBe('app-function-unfit');
  });
});
