import { buffer } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';

/** A file to be on a droplet's disk; owned by root. */
export interface GuestFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** @default 0o644 */
  readonly mode?: number;
}

/** Writes them into a container, running or not; missing directories are made. */
export async function putFiles(
  container: Docker.Container,
  files: readonly GuestFile[],
): Promise<void> {
  const archive = pack();
  for (const { path, text, mode = 0o644 } of files) {
    archive.entry({ name: path.slice(1), mode }, text);
  }
  archive.finalize();
  await container.putArchive(await buffer(archive), { path: '/' });
}
