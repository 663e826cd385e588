import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { scratchDirectory } from './exclusive.js';
import { missing, type Part, right, type SetupContext } from './part.js';
import { runTool } from './run-tool.js';

const LOCKED = ['package.json', 'package-lock.json'];

/** The npm packages of an image as one archive. */
export const packagesFile = (root: string, image: string) =>
  join(root, 'dist', image, 'packages.tar');

const hashFile = (root: string, image: string) => join(root, 'dist', image, 'packages.hash');

/**
 * The packages that `images/<image>/package-lock.json` names, installed here: npm has the user's registry, proxy and
 * certificate authorities, which a container does not. No package may be for one processor only.
 */
export function packagesPart(context: SetupContext, image: string): Part {
  const { root, cacheDir, env, lockFd } = context;
  return {
    name: 'packages',
    async check() {
      const made = await readFile(hashFile(root, image), 'utf8').catch(() => '');
      const isThere = await stat(packagesFile(root, image)).catch(() => undefined);
      const isFresh = isThere !== undefined && made === (await hashOf(root, image));
      return isFresh ? right(`of ${image} are up to date`) : missing(`of ${image} have changed`);
    },
    async make(progress) {
      await mkdir(scratchDirectory(cacheDir), { recursive: true, mode: 0o700 });
      const scratch = await mkdtemp(join(scratchDirectory(cacheDir), 'packages-'));
      try {
        for (const file of LOCKED) await cp(join(root, 'images', image, file), join(scratch, file));
        await runTool({
          argv: ['npm', 'ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'],
          cwd: scratch,
          env,
          progress,
          lockFd: lockFd(),
          hint: 'Check whether npm reaches its registry: `npm ping`.',
        });
        const target = packagesFile(root, image);
        await mkdir(dirname(target), { recursive: true });
        const bytes = await writePackages(scratch, `${target}.half`);
        await rename(`${target}.half`, target);
        await writeFile(hashFile(root, image), await hashOf(root, image));
        return `of ${image} installed (${Math.round(bytes / 1e6)} MB)`;
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
  };
}

/** The same packages make the same bytes, so that images in the cache are found again. */
async function writePackages(directory: string, target: string): Promise<number> {
  const found = await readdir(join(directory, 'node_modules'), {
    recursive: true,
    withFileTypes: true,
  });
  const paths = found
    .filter((entry) => entry.isFile() && entry.name !== '.package-lock.json')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const files = pack();
  const written = pipeline(files, createWriteStream(target));
  for (const path of paths) {
    const name = path.slice(directory.length + 1);
    files.entry({ name, mode: 0o644, mtime: new Date(0) }, await readFile(path));
  }
  files.finalize();
  await written;
  return (await stat(target)).size;
}

async function hashOf(root: string, image: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of LOCKED) hash.update(await readFile(join(root, 'images', image, file)));
  return hash.digest('hex');
}
