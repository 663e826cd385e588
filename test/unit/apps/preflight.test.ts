import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkApps } from '../../../apps/preflight.js';
import type { AppSettings } from '../../../cluster/settings/apps/settings.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { someApp } from '../../support/some-app.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

async function check(apps: readonly AppSettings[], deployed: readonly string[] = []) {
  const directory = await temporaryDirectory();
  for (const name of ['api', 'empty', 'hello']) await mkdir(join(directory, name));
  await writeFile(join(directory, 'api', 'Dockerfile'), 'FROM scratch\n');
  await writeFile(join(directory, 'hello', 'package.json'), '{}\n');
  await writeFile(join(directory, 'one.mjs'), '\n');
  let asked = 0;
  const run = () =>
    checkApps({
      ...{ cluster: 'local', apps, configFile: join(directory, 'clusters.yml') },
      env: { KNOWN: 'x' },
      deployed: async () => {
        asked += 1;
        return new Set(deployed);
      },
    });
  return { run, asked: () => asked, directory };
}
const secret = (name: string) => ({ name, from: { env: name } });
const built = (name: string, directory: string) =>
  someApp(name, { source: { kind: 'build', directory } });
const func = (name: string, path: string) => someApp(name, { source: { kind: 'function', path } });

describe('checkApps', () => {
  test('all is here: nobody is asked what is deployed', async () => {
    const { run, asked } = await check([
      built('api', './api'),
      func('hello', 'hello'),
      func('one', 'one.mjs'),
      someApp('web', { secrets: [secret('KNOWN')], service: { directory: 'empty' } }),
    ]);
    expect(await run()).toEqual([]);
    expect(asked()).toBe(0);
  });

  test('paths that lead nowhere, and secrets of an application that is not deployed: all at once', async () => {
    const { run, directory } = await check([
      built('a', 'nowhere'),
      built('b', 'empty'),
      built('c', 'one.mjs'),
      func('d', 'empty'),
      func('e', '/dev/null'),
      someApp('f', { service: { directory: 'one.mjs/x' } }),
      someApp('g', { secrets: [secret('ONE'), secret('KNOWN'), secret('TWO')] }),
    ]);
    const error = await kitErrorOf(run);
    expect([error.code, error.exitCode]).toEqual(['app-path-missing', 2]);
    const shown = error.problems.map(
      ({ path, message }) => `${path}: ${message.replaceAll(directory, '.')}`,
    );
    expect(shown).toEqual([
      'clusters.local.apps.a.build: ./nowhere does not exist',
      'clusters.local.apps.b.build: ./empty has no Dockerfile',
      'clusters.local.apps.c.build: ./one.mjs is a file',
      'clusters.local.apps.d.function: ./empty has no package.json or index.js or function.js',
      'clusters.local.apps.e.function: /dev/null is neither a file nor a directory',
      'clusters.local.apps.f.service.directory: ./one.mjs/x does not exist',
      'clusters.local.apps.g.secrets.ONE: the environment variable ONE is not set',
      'clusters.local.apps.g.secrets.TWO: the environment variable TWO is not set',
    ]);
  });

  test('a deployed application stays as it is without its secrets; another one cannot be made', async () => {
    const apps = [
      someApp('old', { secrets: [secret('ONE'), secret('TWO')] }),
      someApp('new', { secrets: [secret('ONE')] }),
    ];
    expect(await (await check(apps.slice(0, 1), ['old'])).run()).toEqual([
      'application old stays as it is: without ONE, TWO nobody can tell whether it has changed',
    ]);
    expect(await kitErrorOf((await check(apps, ['old'])).run)).toMatchObject({
      code: 'app-secret-missing',
      problems: [{ path: 'clusters.local.apps.new.secrets.ONE' }],
    });
  });
});
