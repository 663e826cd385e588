import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { newKeyPair } from '../../../cluster/keys/key-pair.js';
import { lockedServer } from '../../support/locked-server.js';
import { managementServer, silentHost } from '../../support/management-server.js';
import { codesOf, entryText, snapshot } from '../../support/registry-files.js';
import { homeWithRegistry } from '../../support/registry-verbs.js';

const ours = await newKeyPair();
const theirs = await newKeyPair();
const KEY = ours.privateKey.reveal();

describe('clusterkit doctor', () => {
  test('without registry, and with a valid one: exit 0, changes nothing', async () => {
    const none = await homeWithRegistry();
    expect(await none.json(['doctor', '--fix'])).toMatchObject({ code: 0, healthy: true });
    expect(await readdir(none.directory)).toEqual([]);
    const { host } = await lockedServer(ours.publicKey);
    const well = await homeWithRegistry(`clusters:\n${entryText('a', host, KEY)}`);
    const before = await snapshot(well.home);
    expect(await well.json(['doctor', '--fix'])).toEqual({
      code: 0,
      registry: well.path,
      healthy: true,
      findings: [],
      fixed: [],
      diff: '',
    });
    expect(await snapshot(well.home)).toEqual(before);
  });

  test('findings on servers', async () => {
    const [locked, foreign, open, silent, hanging] = await Promise.all([
      lockedServer(ours.publicKey),
      lockedServer(theirs.publicKey),
      lockedServer(),
      silentHost(),
      managementServer(() => ({ body: undefined })),
    ]);
    const { json } = await homeWithRegistry(
      `clusters:\n${entryText('ok', locked.host, KEY)}${entryText('other', foreign.host, KEY)}${entryText('open', open.host, KEY)}${entryText('silent', silent, KEY)}${entryText('hangs', hanging.host, KEY)}${entryText('keyless', locked.host)}${entryText('backslashes', locked.host, KEY.replaceAll('\n', '\\n'))}`,
    );
    const result = await json(['doctor']);
    expect(result.code).toBe(4);
    expect(codesOf(result)).toEqual([
      'key-escaped backslashes',
      'key-refused other',
      'server-open open',
      'entry-without-secret keyless',
      'server-unreachable silent',
      'server-unreachable hangs',
    ]);
    expect(JSON.stringify(result)).not.toContain(KEY.split('\n')[1]);
  });

  test('--offline probes no server', async () => {
    const server = await lockedServer(theirs.publicKey);
    const { json } = await homeWithRegistry(`clusters:\n${entryText('a', server.host, KEY)}`);
    expect(await json(['doctor', '--offline'])).toMatchObject({ code: 0, findings: [] });
    expect(server.seen).toEqual([]);
  });

  test('text output: finding, consequence and command, with the path of the other registry', async () => {
    const { run, path } = await homeWithRegistry(`clusters:\n${entryText('a', 'http://a')}`);
    const { code, stdout } = await run(['doctor', '--offline', '--registry', path]);
    expect(code).toBe(4);
    expect(stdout.split('\n')).toEqual([
      `warning  entry-without-secret  a (${path}:2)`,
      expect.stringContaining('         It has no clusterSecret'),
      expect.stringMatching(
        `^ {9}→ \\S*clusterkit cluster add a --host http://a --key-file FILE --force --registry ${path}$`,
      ),
      '0 error(s), 1 warning(s).',
      '',
    ]);
  });

  test('the secret in the environment that CLIs 1.7 and 1.8 use instead of the key', async () => {
    const { json } = await homeWithRegistry(`clusters:\n${entryText('a', 'http://a', KEY)}`);
    const env = { PRISMA_MANAGEMENT_API_SECRET: 'x' };
    expect(codesOf(await json(['doctor', '--offline'], { env }))).toEqual([
      'management-secret-set',
    ]);
  });
});
