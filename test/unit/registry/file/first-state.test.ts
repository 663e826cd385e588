import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../lib/secret.js';
import { removeEntry, writeEntry } from '../../../../registry/file/change-entries.js';
import { tidyRegistry } from '../../../../registry/file/first-state.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const entry = (name: string) => ({
  name,
  host: 'http://localhost:4466',
  clusterSecret: new Secret(`secret of ${name}`),
});

/** Both clusters have ended. */
const ENDED = {
  owner: { identity: 'ours', place: '/one/.clusterkit' },
  secrets: [entry('one').clusterSecret, entry('two').clusterSecret],
};

/** A home with, or without, a registry. */
async function home(text?: string) {
  const directory = await temporaryDirectory();
  const path = join(directory, '.prisma', 'config.yml');
  if (text !== undefined) {
    await mkdir(join(directory, '.prisma'));
    await writeFile(path, text);
  }
  return { directory, path, files: async () => readdir(directory, { recursive: true }) };
}

describe('tidyRegistry', () => {
  test('no registry before: removes everything', async () => {
    const { path, files } = await home();
    await writeEntry(path, entry('one'));
    await writeEntry(path, entry('two'));
    await removeEntry(path, 'one');
    await removeEntry(path, 'two');
    await tidyRegistry(path, ENDED);
    expect(await files()).toEqual([]);
  });

  test('an entry that was removed and added again does not reset the record', async () => {
    const { path, files } = await home();
    await writeEntry(path, entry('one'));
    await removeEntry(path, 'one');
    await writeEntry(path, entry('one'));
    await removeEntry(path, 'one');
    await tidyRegistry(path, ENDED);
    expect(await files()).toEqual([]);
  });

  test('a registry existed before: restores its bytes and removes backups', async () => {
    const text = '# mine\nclusters:\n  other: {host: http://o}\n';
    const { path, files } = await home(text);
    await writeEntry(path, entry('one'));
    await writeEntry(path, { ...entry('one'), host: 'http://localhost:5000' });
    await removeEntry(path, 'one');
    await tidyRegistry(path, ENDED);
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(await files()).toEqual(['.prisma', join('.prisma', 'config.yml')]);
  });

  test('the kit has entries left: changes nothing', async () => {
    const { path } = await home();
    await writeEntry(path, entry('one'));
    await writeEntry(path, entry('two'));
    await removeEntry(path, 'one');
    const before = await readFile(path, 'utf8');
    await tidyRegistry(path, ENDED);
    expect(await readFile(path, 'utf8')).toBe(before);
    expect(await readdir(join(path, '..', '.config.yml.clusterkit', 'backups'))).toHaveLength(2);
  });

  test('the user has changed the registry since: keeps file and backups', async () => {
    const { path } = await home();
    await writeEntry(path, entry('one'));
    await writeFile(path, `${await readFile(path, 'utf8')}# a note of mine\n`);
    await removeEntry(path, 'one');
    await tidyRegistry(path, ENDED);
    expect(await readFile(path, 'utf8')).toContain('# a note of mine');
    expect(await readdir(join(path, '..', '.config.yml.clusterkit', 'backups'))).toHaveLength(1);
  });

  test('no registry, a second time, a damaged memory: no error, nothing made', async () => {
    const { path, files } = await home();
    await tidyRegistry(path, ENDED);
    await tidyRegistry(path, ENDED);
    expect(await files()).toEqual([]);
    await writeEntry(path, entry('one'));
    await removeEntry(path, 'one');
    await writeFile(join(path, '..', '.config.yml.clusterkit', 'first-state.json'), '{');
    await tidyRegistry(path, ENDED);
    expect(await files()).toContain(join('.prisma', 'config.yml'));
  });
});
