import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { CONFIG_DIRECTORY } from '../cluster-names.js';
import type { Secret } from '../secret.js';
import type { Engine } from './connect.js';
import { type VolumeProps, withCourier } from './courier.js';

/**
 * Puts files into a volume through the engine's archive call, which works for a remote engine too
 * and leaves no trace in Terraform state, environment or process arguments.
 *
 * @param files name to content; each becomes 0600, owned by root
 */
export async function fillVolume(
  engine: Engine,
  volume: VolumeProps,
  files: Readonly<Record<string, Secret>>,
): Promise<void> {
  const archive = await tarOf(files);
  await withCourier(engine, volume, async (courier) => {
    await courier.putArchive(archive, { path: CONFIG_DIRECTORY });
  });
}

async function tarOf(files: Readonly<Record<string, Secret>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) {
    archive.entry({ name, mode: 0o600, uid: 0, gid: 0 }, content.reveal());
  }
  archive.finalize();
  return buffer(archive);
}
