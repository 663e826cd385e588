import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import type { Engine } from '../../clients/docker/connect.js';
import type { Secret } from '../../lib/secret.js';
import { CONFIG_DIRECTORY } from '../names.js';
import { type VolumeProps, withCourier } from './courier.js';
import { readFiles } from './read-files.js';

/**
 * Writes files into a volume through the engine's archive call. This works with remote engines too and
 * leaves no trace in Terraform state, environment or process arguments.
 *
 * @param files name to content; each becomes 0600
 * @param owner id of the user and of the group of the files. @default - root
 */
export async function fillVolume(
  engine: Engine,
  volume: VolumeProps,
  files: Readonly<Record<string, Secret>>,
  owner = 0,
): Promise<'already so' | 'filled'> {
  const archive = await tarOf(files, owner);
  return withCourier(engine, volume, async (courier) => {
    const existing = await readFiles(courier, owner);
    const isSame = ([name, content]: [string, Secret]) =>
      existing?.get(name)?.reveal() === content.reveal();
    if (Object.entries(files).every(isSame)) return 'already so';
    await courier.putArchive(archive, { path: CONFIG_DIRECTORY });
    return 'filled';
  });
}

async function tarOf(files: Readonly<Record<string, Secret>>, owner: number): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) {
    archive.entry({ name, mode: 0o600, uid: owner, gid: owner }, content.reveal());
  }
  archive.finalize();
  return buffer(archive);
}
