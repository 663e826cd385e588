import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { environmentError } from '../lib/errors.js';
import type { Progress, SetupContext } from './part.js';
import { runTool } from './run-tool.js';

/** A package of the npm registry, of which only this content is accepted. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** As in lock files: `sha512-` and base64. */
  readonly integrity: string;
}

/**
 * Downloads a package with npm, which knows the user's registry, proxy and certificate authorities.
 * @returns path of the archive, in `directory`
 * @throws KitError (exit 3) `tool-failed`, `download-damaged`
 */
export async function downloadPackage(
  { name, version, integrity }: NpmPackage,
  directory: string,
  context: SetupContext,
  progress: Progress,
): Promise<string> {
  progress.step(`downloading ${name} ${version}`);
  await runTool({
    argv: ['npm', 'pack', `${name}@${version}`, '--pack-destination', directory],
    cwd: directory,
    env: context.env,
    progress,
    lockFd: context.lockFd(),
    hint: 'Check whether npm reaches its registry: `npm ping`.',
  });
  const archive = join(directory, `${name}-${version}.tgz`);
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(archive)) hash.update(chunk as Buffer);
  const found = `sha512-${hash.digest('base64')}`;
  if (found === integrity) return archive;
  throw environmentError('download-damaged', {
    path: `${name}@${version}`,
    message: `the registry gave other content: ${found} in place of ${integrity}`,
    hint: 'Check which registry npm uses: `npm config get registry`.',
  });
}

/** Reads the files of a package's archive one after the other, by their path in the package. */
export async function eachFile(
  archive: string,
  use: (path: string, content: Buffer, isProgram: boolean) => void,
): Promise<void> {
  const reading = extract();
  const unpacked = pipeline(createReadStream(archive), createGunzip(), reading);
  for await (const entry of reading) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(Buffer.from(chunk as Buffer));
    const { name, type, mode = 0 } = entry.header;
    if (type !== 'file') continue;
    // npm's archives have one directory around everything.
    use(name.replace(/^[^/]+\//, ''), Buffer.concat(chunks), (mode & 0o100) !== 0);
  }
  await unpacked;
}
