import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { ensureDatabaseId } from '../../../../cluster/keys/database-id.js';
import type { Claimable } from '../../../../targets/common/claim-database.js';
import { describeEnd, prepareRelease } from '../../../../targets/common/release-database.js';
import { engines } from '../../../../targets/droplet/engines.js';
import { freePort } from '../../../support/free-port.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

let input: Claimable & { external: NonNullable<Claimable['external']> };
const machines = () => engines(input);
beforeEach(async () => {
  const keyDirectory = join(await temporaryDirectory(), 'keys');
  await mkdir(keyDirectory);
  input = {
    ...{ cluster: 'mine', keyDirectory, connector: 'postgres' },
    external: {
      ...{ host: '127.0.0.1', port: await freePort(), user: 'u', database: 'd' },
      ...{ ssl: 'disable', password: { env: 'DB_PASSWORD' } },
    },
  };
});
const endOf = async (env: NodeJS.ProcessEnv = {}) =>
  (await prepareRelease(input, env, machines))?.();

test('a cluster without an external database has nothing to release', async () => {
  const { external: _, ...plain } = input;
  expect(await prepareRelease(plain, {}, machines)).toBeUndefined();
});

test('a cluster that never had the database leaves it alone', async () => {
  expect(await endOf({ DB_PASSWORD: 'secret' })).toEqual({ outcome: 'not ours' });
});

test('out of reach: no error, but the reason', async () => {
  await ensureDatabaseId(input.keyDirectory);
  const { port } = input.external;
  const why = `clusters.mine.database.external.port: 127.0.0.1:${port} refuses connections`;
  expect(await endOf({ DB_PASSWORD: 'secret' })).toEqual({
    outcome: 'marked',
    why: expect.stringContaining(why),
  });
});

test('the variable need not be set: the password as the last up had it is in the key store', async () => {
  await ensureDatabaseId(input.keyDirectory);
  expect(await endOf()).toMatchObject({ why: expect.stringContaining('is not set') });
  await writeFile(join(input.keyDirectory, 'database-password'), 'kept', { mode: 0o600 });
  // Terraform blanks what it does not hand on.
  for (const env of [{}, { DB_PASSWORD: '' }]) {
    expect(await endOf(env)).toMatchObject({ why: expect.stringContaining('refuses connections') });
  }
});

test('a password file has to be there, as for up', async () => {
  await ensureDatabaseId(input.keyDirectory);
  const file = join(input.keyDirectory, 'nothing');
  input = { ...input, external: { ...input.external, password: { file } } };
  expect(await endOf()).toMatchObject({
    outcome: 'marked',
    why: expect.stringContaining("the file with the database's password cannot be read"),
  });
});

test('where only the droplet reaches it, a droplet that was never there is the reason', async () => {
  await ensureDatabaseId(input.keyDirectory);
  input = { ...input, external: { ...input.external, checkFrom: 'host' } };
  expect(await endOf({ DB_PASSWORD: 'secret' })).toEqual({
    outcome: 'marked',
    why: expect.stringContaining('this project has never connected to a droplet of this cluster'),
  });
});

test('interrupted, it stops, and reports nothing about the database', async () => {
  await ensureDatabaseId(input.keyDirectory);
  const release = await prepareRelease(input, { DB_PASSWORD: 'secret' }, machines);
  await expect(release?.(AbortSignal.abort())).rejects.toThrow('aborted');
});

test('in words: what stays where, and how to get on', () => {
  const external = { host: 'db.example.com', port: 5432 };
  const stays = 'its data stays in the database at db.example.com:5432';
  expect(describeEnd({ outcome: 'released' }, external)).toBe(
    `${stays}, which any cluster can use now`,
  );
  expect(describeEnd({ outcome: 'not ours' }, external)).toBe(
    `${stays}, which does not belong to this cluster`,
  );
  expect(describeEnd({ outcome: 'marked', why: 'it is asleep' }, external)).toBe(
    'Warning: could not release the database: it is asleep\n  The next cluster needs --adopt-database.',
  );
});
