import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { newKeyPair } from '../../../cluster/keys/key-pair.js';
import { entryText } from '../../support/registry-files.js';
import { homeWithRegistry } from '../../support/registry-verbs.js';

const hasAge = await execa('age', ['--version'], { reject: false }).then(({ failed }) => !failed);

test.skipIf(!hasAge)(
  'the `age` command opens an export, and import opens what it sealed',
  async () => {
    const { privateKey } = await newKeyPair();
    const text = `clusters:\n${entryText('a', 'http://a:4466', privateKey.reveal())}`;
    const { home, run, json } = await homeWithRegistry(text);
    const keyFile = join(home, 'key.txt');
    const { stderr } = await execa('age-keygen', ['-o', keyFile]);
    const recipient = /age1\w+/.exec(stderr)?.[0] ?? '';
    const { stdout: sealed } = await run(['cluster', 'export', 'a', '--recipient', recipient]);
    const opened = await execa('age', ['-d', '-i', keyFile], { input: sealed });
    expect(JSON.parse(opened.stdout)).toEqual({
      version: 1,
      name: 'a',
      host: 'http://a:4466',
      clusterSecret: privateKey.reveal(),
    });
    // Sealed by hand, and not armored.
    const file = join(home, 'b.age');
    const payload = opened.stdout.replace('"name":"a"', '"name":"b"');
    await execa('age', ['-r', recipient, '-o', file], { input: payload });
    const argv = ['cluster', 'import', file, '--identity-file', keyFile, '--no-verify'];
    expect(await json(argv)).toMatchObject({ code: 0, cluster: 'b', entry: 'added' });
  },
);
