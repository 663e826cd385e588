import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { newKeyPair } from '../../../cluster/keys/key-pair.js';
import { ageCommand } from '../../../registry/sharing/age-command.js';
import { entryText } from '../../support/registry-files.js';
import { homeWithRegistry } from '../../support/registry-verbs.js';

const has = (file: string, ...argv: string[]) =>
  execa(file, argv, { reject: false }).then(({ code }) => code !== 'ENOENT');
const hasTools = (await has('age', '--version')) && (await has('ssh-keygen', '-?'));

describe('access for a key of ssh', () => {
  test.skipIf(!hasTools).each(['ed25519', 'rsa'])('%s: export and import', async (type) => {
    const { privateKey } = await newKeyPair();
    const text = `clusters:\n${entryText('a', 'http://a:4466', privateKey.reveal())}`;
    const { home, run, json } = await homeWithRegistry(text);
    const key = join(home, 'id');
    await execa('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', key]);
    const recipient = (await readFile(`${key}.pub`, 'utf8')).trim();
    const file = join(home, 'a.age');
    await run(['cluster', 'export', 'a', '--recipient', recipient, '--output', file]);
    expect(await readFile(file, 'utf8')).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/);
    const argv = ['cluster', 'import', file, '--name', 'b', '--identity-file', key, '--no-verify'];
    expect(await json(argv)).toMatchObject({ code: 0, cluster: 'b', entry: 'added' });
  });

  test('without the age command: reports what to install', async () => {
    const path = process.env.PATH;
    process.env.PATH = '/nonexistent';
    try {
      await expect(ageCommand(['--version'], '')).rejects.toMatchObject({
        code: 'age-missing',
        exitCode: 3,
      });
    } finally {
      process.env.PATH = path;
    }
  });
});
