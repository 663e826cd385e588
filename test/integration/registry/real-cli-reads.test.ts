import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newKeyPair } from '../../../cluster/keys/key-pair.js';
import { Secret } from '../../../lib/secret.js';
import { removeEntry, renameEntry, writeEntry } from '../../../registry/file/change-entries.js';
import { readRegistry } from '../../../registry/file/read-registry.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { sampleRegistry, textOf } from '../../unit/registry/file/registry-texts.js';
import { loadByCli } from './cli-loader.js';

const SAMPLES = 240;

async function homeWith(root: string, name: string, text?: string): Promise<string> {
  const home = join(root, name);
  await mkdir(join(home, '.prisma'), { recursive: true });
  if (text !== undefined) await writeFile(join(home, '.prisma', 'config.yml'), text);
  return home;
}

const registryIn = (home: string) => join(home, '.prisma', 'config.yml');

/** Our reading in the shape of the CLI's; it drops one slash at the end of a host. */
async function loadByUs(home: string) {
  const { entries } = await readRegistry(registryIn(home));
  return entries.map(({ name, host, clusterSecret }) => ({
    name,
    host: host.replace(/\/$/, ''),
    secret: clusterSecret?.reveal() ?? null,
  }));
}

it(`the loader of CLI 1.6.3 reads ${SAMPLES} edited registries as we do`, {
  timeout: 400_000,
}, async () => {
  const root = await temporaryDirectory();
  const { privateKey } = await newKeyPair();
  const homes: string[] = [];
  for (const [index, sample] of fc.sample(sampleRegistry, SAMPLES).entries()) {
    const home = await homeWith(root, String(index), textOf(sample));
    const path = registryIn(home);
    const first = sample.names[0];
    const entry = { host: `http://10.0.0.${index}:4466`, clusterSecret: privateKey };
    await writeEntry(path, { name: 'added', ...entry });
    if (index % 3 === 0)
      await writeEntry(path, { name: first ?? 'added', ...entry }, { force: true });
    else if (index % 3 === 1 && first) await removeEntry(path, first);
    else if (first) await renameEntry(path, first, 'renamed');
    homes.push(home);
  }
  const theirs = await loadByCli(homes);
  const byName = (one: { name: string }, two: { name: string }) => (one.name < two.name ? -1 : 1);
  for (const [index, clusters] of theirs.entries()) {
    const ours = await loadByUs(homes[index] ?? '');
    // Objects put numeric names first, so the order is the CLI's own affair.
    const seen = clusters.map(({ name, host, secret }) => ({ name, host, secret: secret || null }));
    expect(seen.sort(byName)).toEqual(ours.sort(byName));
    expect(clusters.find(({ name }) => name === 'added')).toMatchObject({
      host: `http://10.0.0.${index}:4466`,
      secret: privateKey.reveal(),
      signs: true,
    });
  }
});

it('keys in every form that it reads are kept readable for it', { timeout: 400_000 }, async () => {
  const root = await temporaryDirectory();
  const { privateKey } = await newKeyPair();
  const pem = privateKey.reveal();
  const forms = { lf: pem, crlf: pem.replaceAll('\n', '\r\n'), trimmed: pem.trim() };
  const home = await homeWith(root, 'forms');
  for (const [name, text] of Object.entries(forms)) {
    await writeEntry(registryIn(home), {
      name,
      host: 'http://h',
      clusterSecret: new Secret(text),
    });
  }
  const [clusters] = await loadByCli([home]);
  expect(clusters?.map(({ name, secret, signs }) => [name, secret, signs])).toEqual(
    Object.entries(forms).map(([name, text]) => [name, text, true]),
  );
});
