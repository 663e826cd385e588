import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { extract, pack } from 'tar-stream';
import { CONFIG_DIRECTORY, LABEL } from '../cluster-names.js';
import type { Secret } from '../secret.js';
import type { Engine } from './connect.js';

/** Files for the configuration volume of a cluster. */
export interface VolumeFiles {
  readonly cluster: string;
  /** State directory of the checkout. */
  readonly project: string;
  readonly volume: string;
  /** Any image that the engine has: a container of it is created, never started. */
  readonly image: string;
  /** Name to content; each becomes 0600, owned by root. */
  readonly files: Readonly<Record<string, Secret>>;
}

/**
 * Puts files into a volume through the engine's archive call, which works for a remote engine too
 * and leaves no trace in Terraform state, environment or process arguments.
 */
export async function fillVolume(
  engine: Engine,
  props: VolumeFiles,
): Promise<'already so' | 'filled'> {
  const { cluster, project, volume, image, files } = props;
  const courier = await engine.createContainer({
    name: `clusterkit-${cluster}-courier-${randomBytes(4).toString('hex')}`,
    Image: image,
    Entrypoint: ['/bin/true'],
    Labels: { [LABEL.cluster]: cluster, [LABEL.project]: project, [LABEL.role]: 'courier' },
    HostConfig: { Mounts: [{ Type: 'volume', Source: volume, Target: CONFIG_DIRECTORY }] },
  });
  try {
    const there = await filesOf(await courier.getArchive({ path: CONFIG_DIRECTORY }));
    if (Object.entries(files).every(([name, content]) => there.get(name) === content.reveal())) {
      return 'already so';
    }
    await courier.putArchive(await tarOf(files), { path: CONFIG_DIRECTORY });
    return 'filled';
  } finally {
    // `v`: an image that declares volumes gave the courier anonymous ones.
    await courier.remove({ force: true, v: true });
  }
}

async function tarOf(files: VolumeFiles['files']): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) {
    archive.entry({ name, mode: 0o600, uid: 0, gid: 0 }, content.reveal());
  }
  archive.finalize();
  return buffer(archive);
}

/** Text of the files, 0600 and of root, by name: the others are not as they should be. */
async function filesOf(archive: NodeJS.ReadableStream): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const entries = archive.pipe(extract());
  for await (const entry of entries) {
    const { name, type, mode, uid, gid } = entry.header;
    const content = await text(entry);
    const isKept = ((mode ?? 0) & 0o7777) === 0o600 && uid === 0 && gid === 0;
    if (type === 'file' && isKept) found.set(basename(name), content);
  }
  return found;
}
