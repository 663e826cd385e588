import { buffer } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';

/** Writes a file into a directory of a container, running or not. All can read it, root alone can change it. */
export async function putFile(
  container: Docker.Container,
  directory: string,
  name: string,
  content: string,
): Promise<void> {
  const archive = pack();
  archive.entry({ name, mode: 0o644, uid: 0, gid: 0 }, content);
  archive.finalize();
  await container.putArchive(await buffer(archive), { path: directory });
}
