import { buffer } from 'node:stream/consumers';
import type Docker from 'dockerode';
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
  return withCourier(engine, volume, async (courier) =>
    fillDirectory(courier, CONFIG_DIRECTORY, await readFiles(courier, owner), files, owner),
  );
}

/**
 * Writes those files into a directory of a container, running or not, as {@link fillVolume} does.
 * @param existing what `readFiles` has found there
 */
export async function fillDirectory(
  container: Pick<Docker.Container, 'putArchive'>,
  directory: string,
  existing: ReadonlyMap<string, Secret> | undefined,
  files: Readonly<Record<string, Secret>>,
  owner = 0,
): Promise<'already so' | 'filled'> {
  const isSame = ([name, content]: [string, Secret]) =>
    existing?.get(name)?.reveal() === content.reveal();
  if (Object.entries(files).every(isSame)) return 'already so';
  await container.putArchive(await tarOf(files, owner), { path: directory });
  return 'filled';
}

async function tarOf(files: Readonly<Record<string, Secret>>, owner: number): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) {
    archive.entry({ name, mode: 0o600, uid: owner, gid: owner }, content.reveal());
  }
  archive.finalize();
  return buffer(archive);
}
