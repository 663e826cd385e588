import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAppSecrets } from '../../../apps/secrets.js';
import type { AppSecret } from '../../../cluster/settings/apps/settings.js';
import { someApp } from '../../support/some-app.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

async function read(
  secrets: readonly AppSecret[],
  env: NodeJS.ProcessEnv = {},
  files: Readonly<Record<string, string>> = {},
  mode = 0o600,
) {
  const directory = await temporaryDirectory();
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(directory, name), content);
    await chmod(join(directory, name), mode);
  }
  await mkdir(join(directory, 'directory'));
  const app = someApp('web', { secrets });
  const found = await readAppSecrets(app, env, join(directory, 'clusters.yml'));
  const values = Object.entries(found.secrets).map(([name, value]) => [name, value.reveal()]);
  const messages = found.problems.map(
    ({ path, message }) => `${path}: ${message.replaceAll(directory, '.')}`,
  );
  return { values: Object.fromEntries(values), missing: found.missing, messages };
}
const fromFile = (file: string): AppSecret => ({ name: 'KEY', from: { file } });

describe('readAppSecrets', () => {
  test('defaults: an application without secrets', async () => {
    expect(await read([])).toEqual({ values: {}, missing: [], messages: [] });
  });

  test('custom: from variables, and from files beside clusters.yml', async () => {
    const secrets: AppSecret[] = [
      { name: 'TOKEN', from: { env: 'DEPLOY_TOKEN' } },
      { name: 'KEY', from: { file: 'key' } },
      { name: 'PEM', from: { file: './pem' } },
    ];
    const env = { DEPLOY_TOKEN: 'a b\n' };
    const found = await read(secrets, env, { key: 'k\n', pem: 'one\ntwo\r\n' });
    expect(found).toEqual({
      // A variable is what it is; of a file, the last line break is no part.
      values: { TOKEN: 'a b\n', KEY: 'k', PEM: 'one\ntwo' },
      missing: [],
      messages: [],
    });
  });

  test('all that are missing, and the others all the same', async () => {
    const secrets: AppSecret[] = [
      { name: 'A', from: { env: 'A' } },
      { name: 'B', from: { env: 'B' } },
      { name: 'C', from: { file: 'nowhere' } },
    ];
    expect(await read(secrets, { B: 'b' })).toEqual({
      values: { B: 'b' },
      missing: ['A', 'C'],
      messages: [
        'apps.web.secrets.A: the environment variable A is not set',
        "apps.web.secrets.C: ./nowhere: the file with the secret C cannot be read: ENOENT: no such file or directory, stat './nowhere'",
      ],
    });
  });

  test.each([
    ['an empty file', fromFile('f'), { f: '\n' }, './f is empty'],
    ['a zero byte', fromFile('f'), { f: 'a\0b' }, './f has a zero byte'],
    ['64 KiB and a byte', fromFile('f'), { f: 'x'.repeat(65_537) }, 'larger than 0.0625 MiB'],
    ['a directory', fromFile('directory'), {}, './directory: is a directory'],
  ])('%s', async (_, secret, files, message) => {
    const found = await read([secret], {}, files);
    expect([found.values, found.missing]).toEqual([{}, ['KEY']]);
    expect(found.messages.join()).toContain(message);
  });

  test('64 KiB are no problem; a file that everybody can open is one', async () => {
    const most = { f: 'x'.repeat(65_536) };
    expect((await read([fromFile('f')], {}, most)).missing).toEqual([]);
    const open = await read([fromFile('f')], {}, { f: 'k' }, 0o644);
    expect(open.messages).toEqual([
      'apps.web.secrets.KEY: ./f: has the secret KEY, and everybody on this machine can open it (mode 644)',
    ]);
  });

  test('variables: empty, too large', async () => {
    const secret: AppSecret = { name: 'A', from: { env: 'A' } };
    expect((await read([secret], { A: '' })).messages.join()).toContain('A is not set');
    expect((await read([secret], { A: 'x'.repeat(65_537) })).messages.join()).toContain(
      'A is larger than 64 KiB',
    );
  });
});
