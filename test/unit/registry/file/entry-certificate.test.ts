import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Secret } from '../../../../lib/secret.js';
import { removeEntry, renameEntry, writeEntry } from '../../../../registry/file/change-entries.js';
import { readEntryCertificate } from '../../../../registry/file/entry-certificate.js';

const PEM = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
const entry = (name: string, host = 'https://192.0.2.1:4466') => ({
  name,
  host,
  clusterSecret: new Secret('shared'),
});

async function registry() {
  const directory = await mkdtemp(join(tmpdir(), 'ck-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return join(directory, 'config.yml');
}

test('is saved beside the registry, readable for its owner only', async () => {
  const path = await registry();
  await writeEntry(path, entry('a'), { certificate: PEM });
  const kept = await readEntryCertificate(path, 'a');
  expect(kept).toEqual({
    path: join(dirname(path), '.config.yml.clusterkit', 'certificates', 'a.pem'),
    pem: PEM,
  });
  expect((await stat(kept?.path ?? '')).mode & 0o777).toBe(0o600);
  expect(await readEntryCertificate(path, 'b')).toBeUndefined();
});

test('an entry that stays where it is keeps it; one that moves does not', async () => {
  const path = await registry();
  await writeEntry(path, entry('a'), { certificate: PEM });
  await writeEntry(path, { ...entry('a'), clusterSecret: new Secret('other') }, { force: true });
  expect((await readEntryCertificate(path, 'a'))?.pem).toBe(PEM);
  await writeEntry(path, entry('a', 'http://192.0.2.1:4466'), { force: true });
  expect(await readEntryCertificate(path, 'a')).toBeUndefined();
});

test('is renamed and removed with its entry', async () => {
  const path = await registry();
  await writeEntry(path, entry('a'), { certificate: PEM });
  await renameEntry(path, 'a', 'b');
  expect(await readEntryCertificate(path, 'a')).toBeUndefined();
  expect((await readEntryCertificate(path, 'b'))?.pem).toBe(PEM);
  await removeEntry(path, 'b');
  expect(await readEntryCertificate(path, 'b')).toBeUndefined();
  const left = await readdir(join(dirname(path), '.config.yml.clusterkit'));
  expect(left).not.toContain('certificates');
});

test('is saved with the backups of its entry, and removed with the oldest one', async () => {
  const path = await registry();
  for (const port of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const certificate = PEM.replace('AA', `A${port}`);
    await writeEntry(path, entry('a', `https://192.0.2.1:${port}`), { certificate });
  }
  const backups = join(dirname(path), '.config.yml.clusterkit', 'backups');
  const files = (await readdir(backups)).sort();
  expect(files).toHaveLength(10);
  expect(
    new Set(files.map((each) => each.replace(/\.(yml|certificates\.json)$/, ''))),
  ).toHaveLength(5);
  const [oldest = ''] = files;
  expect(await readFile(join(backups, oldest), 'utf8')).toBe(
    `${JSON.stringify({ a: PEM.replace('AA', 'A3') })}\n`,
  );
});

test('names of entries lead nowhere else', async () => {
  const path = await registry();
  await writeEntry(path, entry('../../evil'), { certificate: PEM });
  const { path: file } = (await readEntryCertificate(path, '../../evil')) ?? { path: '' };
  expect(dirname(file)).toBe(join(dirname(path), '.config.yml.clusterkit', 'certificates'));
});
