import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { trustOfEntry } from '../../../registry/entry-trust.js';
import {
  readEntryCertificate,
  removeEntryCertificate,
  renameEntryCertificate,
  writeEntryCertificate,
} from '../../../registry/file/entry-certificate.js';
import { extraAuthorities } from '../../../service/extra-authorities.js';
import { joinCertificates } from '../../../service/handover/join-certificates.js';
import { TestAuthority } from '../../support/certificates.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const [ours, theirs, other] = (
  await Promise.all(['ours', 'theirs', 'other'].map((name) => TestAuthority.create(name)))
).map(({ certificate }) => certificate) as [string, string, string];

let registry: string;
let cwd: string;
let warnings: string[];
beforeEach(async () => {
  cwd = await temporaryDirectory();
  registry = join(cwd, 'config.yml');
  warnings = [];
  await writeEntryCertificate(registry, 'a', ours);
});
const fileFor = async (users?: string, name = 'a') =>
  extraAuthorities(
    { name, trust: await trustOfEntry(registry, name) },
    {
      ...{ registry, cwd, warn: (text) => void warnings.push(text) },
      env: users === undefined ? {} : { NODE_EXTRA_CA_CERTS: users },
    },
  );
const put = async (name: string, text: string) => {
  await writeFile(join(cwd, name), text);
  return join(cwd, name);
};

describe('the certificate file for Node programs', () => {
  test('none for a public authority', async () => {
    expect(await fileFor(await put('theirs.pem', theirs), 'b')).toBeUndefined();
  });

  test.each([undefined, ''])(
    'the certificate of the entry, without other settings',
    async (users) => {
      expect(await fileFor(users)).toBe((await readEntryCertificate(registry, 'a'))?.path);
    },
  );

  test('both, when the variable is set, readable for the owner only; also with a relative path', async () => {
    const users = await put('theirs.pem', theirs);
    const file = (await fileFor(users)) ?? '';
    expect(await readFile(file, 'utf8')).toBe(joinCertificates(ours, theirs).pem);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await fileFor('theirs.pem')).toBe(file);
    expect(await readFile(users, 'utf8')).toBe(theirs);
    expect(warnings).toEqual([]);
  });

  test('the same file when the variable is already set to it', async () => {
    const file = await fileFor(await put('theirs.pem', theirs));
    expect(await fileFor(file)).toBe(file);
    const alone = await fileFor();
    expect(await fileFor(alone)).toBe(alone);
    expect(await fileFor(await put('copy.pem', ours))).toBe(alone);
  });

  test('another file for other certificates: running programs keep theirs', async () => {
    const users = await put('theirs.pem', theirs);
    const before = (await fileFor(users)) ?? '';
    await writeFile(users, other);
    const after = (await fileFor(users)) ?? '';
    expect(after).not.toBe(before);
    expect(await readFile(before, 'utf8')).toBe(joinCertificates(ours, theirs).pem);
  });
});

describe('an invalid file of the user is a warning, as in Node', () => {
  test('missing', async () => {
    expect(await fileFor('nowhere.pem')).toBe((await readEntryCertificate(registry, 'a'))?.path);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^NODE_EXTRA_CA_CERTS: .*nowhere\.pem cannot be used \(ENOENT.*\); programs get the certificate of a only\.$/,
      ),
    ]);
  });

  test('a directory', async () => {
    await mkdir(join(cwd, 'directory'));
    expect(await fileFor('directory')).toBe((await readEntryCertificate(registry, 'a'))?.path);
    expect(warnings).toEqual([expect.stringContaining('it is a directory, not a file')]);
  });

  test('partly damaged: uses the valid certificates', async () => {
    const damaged = other.replace(/\n[A-Za-z0-9+/]{8}/, '\nAAAAAAAA');
    const file = (await fileFor(await put('theirs.pem', `${damaged}${theirs}`))) ?? '';
    expect(await readFile(file, 'utf8')).toBe(joinCertificates(ours, theirs).pem);
    expect(warnings).toEqual([expect.stringContaining('is damaged; skipped certificates: 1.')]);
  });
});

describe('bundles', () => {
  const left = async () =>
    (await readdir(cwd, { recursive: true, withFileTypes: true }))
      .filter((each) => each.isFile() && each.name !== 'theirs.pem')
      .map((each) => join(each.parentPath, each.name));

  test.each(['a', '..'])(
    'are removed with the certificate of entry %s, and nothing else',
    async (name) => {
      await writeEntryCertificate(registry, name, ours);
      await writeEntryCertificate(registry, 'b', other);
      const file = await fileFor(await put('theirs.pem', theirs), name);
      expect(await left()).toContain(file);
      await removeEntryCertificate(registry, name);
      const others = name === 'a' ? ['b'] : ['a', 'b'];
      const place = join(dirname(registry), '.config.yml.clusterkit', 'certificates');
      expect((await left()).sort()).toEqual(others.map((each) => join(place, `${each}.pem`)));
    },
  );

  test('are renamed with the entry, and removed with a new certificate', async () => {
    const users = await put('theirs.pem', theirs);
    const file = (await fileFor(users)) ?? '';
    await renameEntryCertificate(registry, 'a', 'b');
    const renamed = (await fileFor(users, 'b')) ?? '';
    expect(renamed).toBe(file.replace('/a.bundles/', '/b.bundles/'));
    expect(await left()).toContain(renamed);
    await writeEntryCertificate(registry, 'b', other);
    expect(await left()).toEqual([(await readEntryCertificate(registry, 'b'))?.path]);
  });
});
