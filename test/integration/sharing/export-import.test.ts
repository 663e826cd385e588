import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  armor,
  Decrypter,
  Encrypter,
  generateX25519Identity,
  identityToRecipient,
} from 'age-encryption';
import { describe, expect, test } from 'vitest';
import { newKeyPair } from '../../../cluster/keys/key-pair.js';
import {
  readEntryCertificate,
  writeEntryCertificate,
} from '../../../registry/file/entry-certificate.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { lockedServer, secretServer } from '../../support/locked-server.js';
import { pinnedFront } from '../../support/pinned-front.js';
import { entryText } from '../../support/registry-files.js';
import { homeWithRegistry } from '../../support/registry-verbs.js';

const ours = await newKeyPair();
const KEY = ours.privateKey.reveal();
const identity = await generateX25519Identity();
const recipient = await identityToRecipient(identity);
const PASSPHRASE = 'correct horse battery staple';

/** A sender with one cluster, and a team mate with an age key and no registry. */
async function twoPeople(secret: string | undefined = KEY) {
  const server = await lockedServer(ours.publicKey);
  const sender = await homeWithRegistry(`clusters:\n${entryText('a', server.host, secret)}`);
  const mate = await homeWithRegistry();
  const keyFile = join(mate.home, 'key.txt');
  await writeFile(keyFile, `# created: today\n# public key: ${recipient}\n${identity}\n`);
  const file = join(mate.home, 'a.age');
  return { server, sender, mate, keyFile, file };
}
const errorCode = async (work: () => unknown) => (await kitErrorOf(work)).code;

describe('clusterkit cluster export and import', () => {
  test('for a key: through stdout and stdin, verified before it is written', async () => {
    const { server, sender, mate, keyFile } = await twoPeople();
    const exported = await sender.run(['cluster', 'export', 'a', '--recipient', recipient]);
    expect(exported.code).toBe(0);
    expect(exported.stdout).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n[\s\S]+-----\n$/);
    expect(exported.stderr).toContain('is an address of this machine only');
    const argv = ['cluster', 'import', '--identity-file', keyFile];
    expect(await mate.json(argv, { stdin: exported.stdout })).toEqual({
      code: 0,
      cluster: 'a',
      host: server.host,
      entry: 'added',
      verified: true,
      version: '1.8.3',
      exportedAs: 'a',
    });
    expect(await readFile(mate.path, 'utf8')).toContain(JSON.stringify(KEY));
  });

  test('a shared secret is exported and verified like a key', async () => {
    const { host } = await secretServer('hush-hush');
    const sender = await homeWithRegistry(`clusters:\n${entryText('s', host, 'hush-hush')}`);
    const { mate, keyFile } = await twoPeople();
    const exported = await sender.run(['cluster', 'export', 's', '--recipient', recipient]);
    const argv = ['cluster', 'import', '--identity-file', keyFile];
    expect(await mate.json(argv, { stdin: exported.stdout })).toMatchObject({
      code: 0,
      cluster: 's',
      verified: true,
      version: '1.34.12',
    });
    expect(await readFile(mate.path, 'utf8')).toContain('clusterSecret: "hush-hush"\n');
  });

  test('with a passphrase, to a file of mode 0600 that is never overwritten', async () => {
    const { sender, mate, file } = await twoPeople();
    const argv = ['cluster', 'export', 'a', '--passphrase-stdin', '--output', file];
    expect(await sender.json(argv, { stdin: `${PASSPHRASE}\n` })).toMatchObject({ output: file });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await errorCode(() => sender.run(argv, { stdin: PASSPHRASE }))).toBe(
      'output-unwritable',
    );
    const open = ['cluster', 'import', file, '--passphrase-stdin', '--name', 'b'];
    expect(await errorCode(() => mate.run(open, { stdin: 'another one' }))).toBe('access-locked');
    expect(await mate.json(open, { stdin: PASSPHRASE })).toMatchObject({
      cluster: 'b',
      exportedAs: 'a',
    });
  });

  test('exports the certificate of the server', async () => {
    const { server, sender, mate, keyFile } = await twoPeople();
    const { host, certificate } = await pinnedFront(server.host);
    const pinned = join(sender.home, 'certificate.pem');
    const key = join(sender.home, 'key.pem');
    await writeFile(pinned, certificate);
    await writeFile(key, KEY);
    const adding = ['cluster', 'add', 'p', '--host', host, '--key-file', key];
    expect(await sender.json([...adding, '--certificate', pinned])).toMatchObject({ code: 0 });

    const exporting = ['cluster', 'export', 'p', '--recipient', recipient];
    const { age } = await sender.json(exporting);
    const argv = ['cluster', 'import', '--identity-file', keyFile];
    expect(await mate.json(argv, { stdin: age })).toMatchObject({ code: 0, verified: true });
    const theirs = await readEntryCertificate(mate.path, 'p');
    expect(theirs?.pem).toBe(certificate);
    // A third user gets it from the second one's registry.
    const passedOn = await mate.json(exporting);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const text = await decrypter.decrypt(armor.decode(passedOn.age), 'text');
    expect(JSON.parse(text)).toEqual({
      ...{ version: 2, name: 'p', host, clusterSecret: KEY, certificate },
    });
  });

  test('without it the server is rejected; an import without certificate keeps the present one', async () => {
    const { server, sender, mate, keyFile } = await twoPeople();
    const { host, certificate } = await pinnedFront(server.host);
    await writeFile(sender.path, `clusters:\n${entryText('p', host, KEY)}`);
    const { age } = await sender.json(['cluster', 'export', 'p', '--recipient', recipient]);
    const argv = ['cluster', 'import', '--identity-file', keyFile];
    expect(await errorCode(() => mate.run(argv, { stdin: age }))).toBe('certificate-untrusted');
    await writeFile(mate.path, `clusters:\n${entryText('p', host, KEY)}`);
    await writeEntryCertificate(mate.path, 'p', certificate);
    expect(await mate.json(argv, { stdin: age })).toMatchObject({ code: 0, verified: true });
    expect((await readEntryCertificate(mate.path, 'p'))?.pem).toBe(certificate);
  });

  test('repairs an escaped key on export', async () => {
    const { sender, mate, keyFile } = await twoPeople(KEY.replaceAll('\n', '\\n'));
    const { age } = await sender.json(['cluster', 'export', 'a', '--recipient', recipient]);
    const argv = ['cluster', 'import', '--identity-file', keyFile];
    expect(await mate.json(argv, { stdin: age })).toMatchObject({ code: 0, verified: true });
  });

  test('import has the checks of add', async () => {
    const { sender, mate, keyFile, server } = await twoPeople(
      (await newKeyPair()).privateKey.reveal(),
    );
    const { age } = await sender.json(['cluster', 'export', 'a', '--recipient', recipient]);
    const argv = ['cluster', 'import', '--identity-file', keyFile];
    expect(await errorCode(() => mate.run(argv, { stdin: age }))).toBe('key-refused');
    const unseen = await mate.json([...argv, '--no-verify'], { stdin: age });
    expect(unseen).toMatchObject({ entry: 'added', verified: false });
    const again = await sender.json(['cluster', 'export', 'a', '--recipient', recipient]);
    await writeFile(mate.path, `clusters:\n${entryText('a', server.host, KEY)}`);
    expect(await errorCode(() => mate.run([...argv, '--no-verify'], { stdin: again.age }))).toBe(
      'registry-conflict',
    );
    expect(
      await mate.json([...argv, '--no-verify', '--force'], { stdin: again.age }),
    ).toMatchObject({ entry: 'changed' });
  });

  test('rejects what cannot be exported', async () => {
    const { sender } = await twoPeople();
    const exporting = (...argv: string[]) =>
      errorCode(() => sender.run(['cluster', 'export', ...argv], { stdin: 'short\n' }));
    expect(await exporting('b', '--recipient', recipient)).toBe('cluster-unknown');
    expect(await exporting('a')).toBe('audience-missing');
    expect(await exporting('a', '--recipient', recipient, '--passphrase-stdin')).toBe(
      'audience-ambiguous',
    );
    expect(await exporting('a', '--passphrase-stdin')).toBe('passphrase-too-short');
    const wrong = ['ssh-ed25519 AAAA me@here', identity, 'age1nonsense'];
    const argv = ['cluster', 'export', 'a', '--recipient', ...wrong];
    const error = await kitErrorOf(() => sender.run(argv));
    expect(error).toMatchObject({ code: 'recipient-invalid', exitCode: 2 });
    expect(error.problems.map(({ message }) => message.slice(0, 34))).toEqual([
      "'ssh-ed25519 AAAA me@here' is not ",
      'this is a private key; everybody w',
      "'age1nonsense' is not a public age",
    ]);
    expect(error.message).not.toContain(identity);
    const keyless = await homeWithRegistry('clusters: {a: {host: http://a}}\n');
    expect(
      await errorCode(() => keyless.run(['cluster', 'export', 'a', '--recipient', recipient])),
    ).toBe('secret-missing');
  });

  test('rejects what cannot be imported: writes nothing, prints no secret', async () => {
    const { mate, keyFile, file } = await twoPeople();
    const importing = async (content: string | Uint8Array, ...argv: string[]) => {
      await writeFile(file, content);
      const error = await kitErrorOf(() => mate.run(['cluster', 'import', file, ...argv]));
      expect(error.message).not.toContain('psst');
      return error.code;
    };
    const sealed = async (text: string, to = recipient) => {
      const encrypter = new Encrypter();
      encrypter.addRecipient(to);
      return armor.encode(await encrypter.encrypt(text));
    };
    const mine = ['--identity-file', keyFile];
    expect(await importing('hello', ...mine)).toBe('access-unreadable');
    expect(await importing((await sealed('x')).slice(0, 200), ...mine)).toBe('access-unreadable');
    expect(await importing(await sealed('psst'), ...mine)).toBe('access-malformed');
    expect(await importing(await sealed('{"version":3,"x":"psst"}'), ...mine)).toBe(
      'access-malformed',
    );
    const stranger = await identityToRecipient(await generateX25519Identity());
    expect(await importing(await sealed('psst', stranger), ...mine)).toBe('access-locked');
    expect(await importing(await sealed('psst'))).toBe('opener-missing');
    expect(await importing('x', '--identity-file', '/nowhere')).toBe('identity-unreadable');
    await writeFile(keyFile, '-----BEGIN OPENSSH PUBLIC KEY-----\npsst\n');
    expect(await importing('x', ...mine)).toBe('identity-invalid');
    await writeFile(keyFile, 'AGE-SECRET-KEY-1PSST\n');
    expect(await importing('x', ...mine)).toBe('identity-invalid');
    await expect(readFile(mate.path)).rejects.toThrow('ENOENT');
  });
});
