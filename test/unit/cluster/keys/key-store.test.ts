import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm as removeFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import {
  ensureSecrets,
  keepDatabasePassword,
  readClusterSecrets,
  readDatabasePassword,
  readSecrets,
  removeSecrets,
} from '../../../../cluster/keys/key-store.js';
import { Secret } from '../../../../lib/secret.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const place = async () => join(await temporaryDirectory(), 'state', 'keys', 'one');
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
const plain = (secrets: Awaited<ReturnType<typeof readSecrets>>) => [
  secrets?.clusterSecret.reveal(),
  secrets?.publicKey,
  secrets?.databasePassword.reveal(),
];

describe('ensureSecrets', () => {
  test('makes a pair and a password of 256 bits without special characters', async () => {
    const directory = await place();
    const { clusterSecret, databasePassword } = await ensureSecrets(directory, 'rsa');
    expect(databasePassword.reveal()).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await readFile(join(directory, 'private.pem'), 'utf8')).toBe(clusterSecret.reveal());
    expect(await readdir(directory)).toEqual(['database-password', 'private.pem']);
  });

  test('makes a shared secret where that is asked for, beside a key that is there', async () => {
    const directory = await place();
    const rsa = await ensureSecrets(directory, 'rsa');
    const shared = await ensureSecrets(directory, 'secret');
    expect(shared.clusterSecret.reveal()).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(shared.publicKey).toBeUndefined();
    expect(shared.databasePassword.reveal()).toBe(rsa.databasePassword.reveal());
    expect(plain(await ensureSecrets(directory, 'rsa'))).toEqual(plain(rsa));
    expect(plain(await ensureSecrets(directory, 'secret'))).toEqual(plain(shared));
    expect(await readdir(directory)).toEqual([
      'database-password',
      'management-secret',
      'private.pem',
    ]);
    const all = await readClusterSecrets(directory);
    expect(all.map((each) => each.reveal())).toEqual([
      rsa.clusterSecret.reveal(),
      shared.clusterSecret.reveal(),
    ]);
  });

  test('keeps them to their owner', async () => {
    const directory = await place();
    await ensureSecrets(directory, 'rsa');
    expect(await modeOf(directory)).toBe(0o700);
    expect(await modeOf(join(directory, '..'))).toBe(0o700);
    for (const name of await readdir(directory)) {
      expect(await modeOf(join(directory, name))).toBe(0o600);
    }
  });

  test('gives the same at every call', async () => {
    const directory = await place();
    expect(plain(await ensureSecrets(directory, 'rsa'))).toEqual(
      plain(await ensureSecrets(directory, 'rsa')),
    );
  });

  test('gives the same to calls at the same time', async () => {
    const directory = await place();
    const all = await Promise.all(Array.from({ length: 8 }, () => ensureSecrets(directory, 'rsa')));
    expect(new Set(all.map((each) => plain(each).join())).size).toBe(1);
    expect(await readdir(directory)).toHaveLength(2);
  });

  test('gives the same to processes at the same time', async () => {
    const directory = await place();
    const program = join(await temporaryDirectory(), 'program.mjs');
    await build({
      stdin: {
        contents: `
          import { ensureSecrets } from './cluster/keys/key-store.js';
          const { publicKey, databasePassword } = await ensureSecrets(process.argv[2], 'rsa');
          console.log(publicKey + databasePassword.reveal());`,
        resolveDir: process.cwd(),
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: program,
    });
    const run = () => promisify(execFile)(process.execPath, [program, directory]);
    const all = await Promise.all([run(), run(), run(), run()]);
    expect(new Set(all.map(({ stdout }) => stdout)).size).toBe(1);
    expect(await readdir(directory)).toEqual(['database-password', 'private.pem']);
  });

  test('completes what an interrupted call left', async () => {
    const directory = await place();
    const first = await ensureSecrets(directory, 'rsa');
    await promisify(execFile)('rm', [join(directory, 'database-password')]);
    expect(await readSecrets(directory, 'rsa')).toBeUndefined();
    const second = await ensureSecrets(directory, 'rsa');
    expect(second.publicKey).toBe(first.publicKey);
    expect(second.databasePassword.reveal()).not.toBe(first.databasePassword.reveal());
  });

  test('fails where no directory can be, with what to do', async () => {
    const file = join(await temporaryDirectory(), 'a-file');
    await writeFile(file, '');
    const error = await kitErrorOf(() => ensureSecrets(join(file, 'keys'), 'rsa'));
    expect(error).toMatchObject({ code: 'key-store-unusable', exitCode: 3 });
    expect(error.problems[0]?.path).toBe(join(file, 'keys'));
    expect(error.problems[0]?.message).toContain('ENOTDIR');
  });

  test('fails at a key that is damaged, naming the file but not its content', async () => {
    const directory = await place();
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'private.pem'), 'damaged');
    const error = await kitErrorOf(() => ensureSecrets(directory, 'rsa'));
    expect(error).toMatchObject({ code: 'key-invalid', exitCode: 2 });
    expect(error.problems[0]?.path).toBe(join(directory, 'private.pem'));
    expect(error.message).not.toContain('damaged');
  });

  test('takes the database password that it is given, where it has none', async () => {
    const directory = await place();
    const given = await ensureSecrets(directory, 'secret', 'of-the-data');
    expect(given.databasePassword.reveal()).toBe('of-the-data');
    const kept = await ensureSecrets(directory, 'secret', 'another');
    expect(kept.databasePassword.reveal()).toBe('of-the-data');
  });

  test.each(['management-secret', 'database-password'])('fails at an empty %s', async (name) => {
    const directory = await place();
    await ensureSecrets(directory, 'secret');
    await writeFile(join(directory, name), '\n');
    const error = await kitErrorOf(() => ensureSecrets(directory, 'secret'));
    expect(error).toMatchObject({ code: 'key-invalid', exitCode: 2 });
    expect(error.problems[0]).toMatchObject({
      path: join(directory, name),
      message: 'the file is empty',
      hint: expect.stringContaining('or delete it: `clusterkit up`'),
    });
  });
});

describe('keepDatabasePassword', () => {
  test('keeps what somebody else chose as it is, and writes it once', async () => {
    const directory = await temporaryDirectory();
    const file = join(directory, 'database-password');
    await keepDatabasePassword(directory, new Secret(' a b '));
    expect((await readDatabasePassword(directory))?.reveal()).toBe(' a b ');
    const { databasePassword } = await ensureSecrets(directory, 'rsa', 'another');
    expect(databasePassword.reveal()).toBe(' a b ');
    const { ino } = await stat(file);
    await keepDatabasePassword(directory, new Secret(' a b '));
    expect((await stat(file)).ino).toBe(ino);
    await writeFile(file, 'typed by hand\n');
    expect((await readDatabasePassword(directory))?.reveal()).toBe('typed by hand');
  });

  test('mends a copy that was lost: what somebody chose is known from elsewhere', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'database-password'), '');
    await keepDatabasePassword(directory, new Secret('chosen'));
    expect((await readDatabasePassword(directory))?.reveal()).toBe('chosen');
  });
});

describe('readSecrets', () => {
  test('is undefined where there are none, and makes none', async () => {
    const directory = await place();
    expect(await readSecrets(directory, 'rsa')).toBeUndefined();
    expect(await readClusterSecrets(directory)).toEqual([]);
    await expect(stat(directory)).rejects.toThrow('ENOENT');
  });
});

describe('readClusterSecrets', () => {
  test('without the database password, and beside a damaged key, gives what there is', async () => {
    const directory = await place();
    const { clusterSecret } = await ensureSecrets(directory, 'secret');
    await removeFile(join(directory, 'database-password'));
    await writeFile(join(directory, 'private.pem'), 'damaged');
    const all = await readClusterSecrets(directory);
    expect(all.map((each) => each.reveal())).toEqual([clusterSecret.reveal()]);
  });
});

describe('removeSecrets', () => {
  test('removes all of them; a second time is no error', async () => {
    const directory = await place();
    await ensureSecrets(directory, 'rsa');
    await removeSecrets(directory);
    await removeSecrets(directory);
    await expect(stat(directory)).rejects.toThrow('ENOENT');
    expect(await readSecrets(directory, 'rsa')).toBeUndefined();
  });
});
