import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeEntry } from '../../../registry/file/change-entries.js';
import {
  readEntryCertificate,
  writeEntryCertificate,
} from '../../../registry/file/entry-certificate.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { codesOf } from '../../support/registry-files.js';
import { homeWithRegistry } from '../../support/registry-verbs.js';

const TWO =
  '# mine\nclusters:\n  a: {host: http://a, clusterSecret: hush}\n  b: {host: http://b}\n';
const ONE = '# mine\nclusters:\n  b: {host: http://b}\n';

describe('clusterkit cluster restore', () => {
  test('without backups there is nothing to list or restore', async () => {
    const { json, run } = await homeWithRegistry();
    expect(await json(['cluster', 'restore', '--list'])).toMatchObject({ code: 0, backups: [] });
    expect(await kitErrorOf(() => run(['cluster', 'restore']))).toMatchObject({
      code: 'no-such-backup',
      exitCode: 2,
    });
  });

  test('lists names, times and sizes, no secrets; brings back the newest, and back again', async () => {
    const { json, run, path } = await homeWithRegistry(TWO);
    await run(['cluster', 'remove', 'a']);
    expect(await readFile(path, 'utf8')).toBe(ONE);
    const { backups } = await json(['cluster', 'restore', '--list']);
    expect(backups).toEqual([
      {
        id: expect.any(String),
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        bytes: TWO.length,
        clusters: ['a', 'b'],
      },
    ]);
    expect(await json(['cluster', 'restore'])).toEqual({
      code: 0,
      registry: path,
      id: backups[0].id,
      back: ['a'],
      gone: [],
    });
    expect(await readFile(path, 'utf8')).toBe(TWO);
    expect(await json(['cluster', 'restore'])).toMatchObject({ back: [], gone: ['a'] });
    expect(await readFile(path, 'utf8')).toBe(ONE);
    expect((await run(['cluster', 'restore', '--list'])).stdout).not.toContain('hush');
  });

  test('restores one by id; an unknown id lists all', async () => {
    const { json, run, path } = await homeWithRegistry(TWO);
    await run(['cluster', 'remove', 'a']);
    await run(['cluster', 'remove', 'b']);
    const { backups } = await json(['cluster', 'restore', '--list']);
    expect(backups.map((each: { clusters: string[] }) => each.clusters)).toEqual([
      ['b'],
      ['a', 'b'],
    ]);
    expect((await json(['cluster', 'restore', backups[1].id])).back).toEqual(['a', 'b']);
    expect(await readFile(path, 'utf8')).toBe(TWO);
    const error = await kitErrorOf(() => run(['cluster', 'restore', 'nope']));
    expect(error.message).toContain(backups[0].id);
  });

  test('a restored entry gets its old certificate; one that stayed keeps the present one', async () => {
    const { json, run, path } = await homeWithRegistry(TWO);
    const pemOf = async (name: string) => (await readEntryCertificate(path, name))?.pem;
    await writeEntryCertificate(path, 'a', 'A');
    await writeEntryCertificate(path, 'b', 'B');
    await run(['cluster', 'remove', 'a']);
    expect([await pemOf('a'), await pemOf('b')]).toEqual([undefined, 'B']);
    await writeEntryCertificate(path, 'b', 'B, renewed');
    const [{ id }] = (await json(['cluster', 'restore', '--list'])).backups;
    expect((await json(['cluster', 'restore'])).back).toEqual(['a']);
    expect([await pemOf('a'), await pemOf('b')]).toEqual(['A', 'B, renewed']);
    expect((await json(['cluster', 'restore'])).gone).toEqual(['a']);
    expect([await pemOf('a'), await pemOf('b')]).toEqual([undefined, 'B, renewed']);

    await writeFile(path, 'clusters: {\n');
    expect((await json(['cluster', 'restore', id])).back).toEqual(['a', 'b']);
    expect([await pemOf('a'), await pemOf('b')]).toEqual(['A', 'B, renewed']);
    const kept = await readdir(join(path, '..', '.config.yml.clusterkit', 'backups'));
    expect(kept.filter((name) => name.endsWith('.certificates.json'))).toHaveLength(4);
  });

  test('an entry that gets its old host gets its old certificate, or none', async () => {
    const { json, run, path } = await homeWithRegistry(TWO);
    const pemOf = async (name: string) => (await readEntryCertificate(path, name))?.pem;
    await writeEntryCertificate(path, 'a', 'A');
    await writeEntry(path, { name: 'a', host: 'http://c' }, { force: true });
    await writeEntry(path, { name: 'a', host: 'https://d' }, { force: true, certificate: 'D' });
    expect(await pemOf('a')).toBe('D');
    const { backups } = await json(['cluster', 'restore', '--list']);
    await run(['cluster', 'restore', backups[0].id]);
    expect(await pemOf('a')).toBeUndefined();
    await run(['cluster', 'restore', backups[1].id]);
    expect(await pemOf('a')).toBe('A');
  });

  test('over a file that cannot be parsed, which becomes a backup; that one only with --force', async () => {
    const { json, run, path } = await homeWithRegistry(TWO);
    await run(['cluster', 'remove', 'a']);
    await writeFile(path, 'clusters: {\n');
    expect(codesOf(await json(['doctor', '--offline']))).toContain('registry-malformed');
    expect((await json(['cluster', 'restore'])).back).toEqual(['a', 'b']);
    const { backups } = await json(['cluster', 'restore', '--list']);
    expect(backups[0].clusters).toBeNull();
    expect((await run(['cluster', 'restore', '--list'])).stdout).toContain('(cannot be parsed)');
    expect(await kitErrorOf(() => run(['cluster', 'restore']))).toMatchObject({
      code: 'registry-malformed',
    });
    expect(await readFile(path, 'utf8')).toBe(TWO);
    expect((await run(['cluster', 'restore', '--force'])).code).toBe(0);
    expect(await readFile(path, 'utf8')).toBe('clusters: {\n');
  });

  test('replaces a file that is not text, and keeps it under another name', async () => {
    const { json, run, path, directory } = await homeWithRegistry(TWO);
    await run(['cluster', 'remove', 'a']);
    const bytes = Buffer.from([0xff, 0xfe, 0x00]);
    await writeFile(path, bytes);
    const { setAside } = await json(['cluster', 'restore']);
    expect(await readFile(setAside)).toEqual(bytes);
    expect(await readFile(path, 'utf8')).toBe(TWO);
    expect(await readdir(directory)).toHaveLength(3);
    expect(join(directory, 'config.yml')).toBe(path);
  });
});
