import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { extract } from 'tar-stream';
import { statusOf } from '../../clients/docker/connect.js';
import { Secret } from '../../lib/secret.js';
import { CONFIG_DIRECTORY } from '../names.js';

/**
 * The files in a directory of a container, running or not, by name; `undefined` when there is no such
 * container. Omits files that are not 0600 and owned by `owner`: the kit did not write them.
 * @param owner id of a user and of a group. @default - root
 * @param directory @default - of the configuration
 */
export async function readFiles(
  container: Docker.Container,
  owner = 0,
  directory = CONFIG_DIRECTORY,
): Promise<ReadonlyMap<string, Secret> | undefined> {
  const files = new Map<string, Secret>();
  try {
    const stream = await container.getArchive({ path: `${directory}/.` });
    const archive = extract();
    // Without this the loop would wait forever when the connection to the engine breaks.
    pipeline(stream, archive).catch((error: Error) => archive.destroy(error));
    for await (const entry of archive) {
      const { name, type, mode, uid, gid } = entry.header;
      const content = await text(entry);
      const isKept = ((mode ?? 0) & 0o7777) === 0o600 && uid === owner && gid === owner;
      if (type === 'file' && isKept) files.set(name.replace(/^\.\//, ''), new Secret(content));
    }
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
  return files;
}
