import { cp, mkdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  keepIdentity,
  newIdentity,
  readIdentity,
  removeIdentity,
} from '../../../cluster/identity.js';
import { writeEntry } from '../../../registry/file/change-entries.js';
import { assertSoleClaim, entryOwnerOf, readOwner } from '../../../targets/common/owner.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

/** A project with a cluster `one` that was made in it. */
async function project() {
  const root = await temporaryDirectory();
  const stateDir = join(root, 'a', '.clusterkit');
  const identity = await keepIdentity(stateDir, 'one', newIdentity(stateDir));
  return { root, stateDir, identity };
}

/** A project of a version before identities: a state with the path in a stage's input. */
async function oldProject() {
  const root = await temporaryDirectory();
  const stateDir = join(root, 'a', '.clusterkit');
  await mkdir(join(stateDir, 'state'), { recursive: true });
  const ground = { type: 'terraform_data', name: 'ground', mode: 'managed' };
  const attributes = { id: 'x', input: { value: { project: stateDir } } };
  const state = { version: 4, resources: [{ ...ground, instances: [{ attributes }] }] };
  await writeFile(join(stateDir, 'state', 'one.tfstate'), JSON.stringify(state));
  return { root, stateDir };
}

describe('an identity', () => {
  test('is stored for its owner only, and stays the same', async () => {
    const { stateDir, identity } = await project();
    const path = join(stateDir, 'identities', 'one.json');
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
    expect(await keepIdentity(stateDir, 'one', newIdentity(stateDir))).toEqual(identity);
    await removeIdentity(stateDir, 'one');
    expect(await readIdentity(stateDir, 'one')).toBeUndefined();
  });

  test('of several that are made at once, one wins', async () => {
    const stateDir = join(await temporaryDirectory(), '.clusterkit');
    const made = await Promise.all(
      Array.from({ length: 8 }, () => keepIdentity(stateDir, 'one', newIdentity(stateDir))),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  });

  test.each(['', '{', 'null', '{"id":"x"}', '[]'])('a damaged file is named: %j', async (text) => {
    const { stateDir } = await project();
    const path = join(stateDir, 'identities', 'one.json');
    await writeFile(path, text);
    await expect(readIdentity(stateDir, 'one')).rejects.toMatchObject({
      code: 'identity-damaged',
      exitCode: 2,
      problems: [{ path }],
    });
  });
});

describe('who claims a cluster', () => {
  test('a directory that was renamed: the same cluster, at its new place', async () => {
    const { root, stateDir, identity } = await project();
    await rename(join(root, 'a'), join(root, 'b'));
    const moved = join(root, 'b', '.clusterkit');
    const owner = await readOwner(moved, 'one');
    expect(owner).toMatchObject({ id: identity.id, rival: undefined, places: [moved, stateDir] });
    const kept = await keepIdentity(moved, 'one', identity);
    expect(kept).toEqual({ id: identity.id, origin: stateDir, place: moved });
    expect(JSON.parse(await readFile(join(moved, 'identities', 'one.json'), 'utf8'))).toEqual(kept);
  });

  test('a link to the directory is no second one', async () => {
    const { root } = await project();
    await symlink(join(root, 'a'), join(root, 'link'));
    expect((await readOwner(join(root, 'link', '.clusterkit'), 'one')).rival).toBeUndefined();
  });

  test('a copy is refused, the original is not', async () => {
    const { root, stateDir } = await project();
    await cp(join(root, 'a'), join(root, 'b'), { recursive: true });
    const copy = await readOwner(join(root, 'b', '.clusterkit'), 'one');
    expect(copy.rival).toBe(stateDir);
    expect(() => assertSoleClaim(copy)).toThrow(/is a copy of .*another name in clusters.yml/s);
    expect((await readOwner(stateDir, 'one')).rival).toBeUndefined();
    // Another cluster of the copied project is its own.
    expect((await readOwner(join(root, 'b', '.clusterkit'), 'two')).rival).toBeUndefined();
  });

  test('a copy whose original has moved since is refused by the record of its entry', async () => {
    const { root, identity } = await project();
    await cp(join(root, 'a'), join(root, 'b'), { recursive: true });
    await rename(join(root, 'a'), join(root, 'c'));
    const place = join(root, 'c', '.clusterkit');
    const registry = join(root, '.prisma', 'config.yml');
    const claimant = entryOwnerOf({ id: identity.id, stateDir: place });
    await writeEntry(registry, { name: 'one', host: 'http://o' }, { claimant });
    expect((await readOwner(join(root, 'b', '.clusterkit'), 'one', registry)).rival).toBe(place);
    expect((await readOwner(place, 'one', registry)).rival).toBeUndefined();
  });

  test('of a version before identities: renamed, and copied', async () => {
    const { root, stateDir } = await oldProject();
    await cp(join(root, 'a'), join(root, 'b'), { recursive: true });
    const copy = join(root, 'b', '.clusterkit');
    expect((await readOwner(copy, 'one')).rival).toBe(stateDir);
    expect((await readOwner(stateDir, 'one')).rival).toBeUndefined();
    await rename(join(root, 'a'), join(root, 'elsewhere'));
    await rename(copy, join(root, 'moved'));
    const moved = await readOwner(join(root, 'moved'), 'one');
    expect(moved).toMatchObject({ identity: undefined, origin: stateDir, rival: undefined });
  });
});
