import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { missing, type Part, right } from './part.js';
import type { SetupWorld } from './setup-world.js';

/** The bundled server as one file. */
export const bundleFile = (root: string) => join(root, 'dist', 'dev-server', 'server.mjs');

/** What the bundle was made from: `{ hash, files }`, paths relative to the checkout. */
const inputsFile = (root: string) => join(root, 'dist', 'dev-server', 'inputs.json');

interface BundleInputs {
  readonly hash: string;
  readonly files: readonly string[];
}

/** `dev-server/main.ts` and all that it imports as one file for Node 18, by esbuild. */
export function bundlePart({ root }: Pick<SetupWorld, 'root'>): Part {
  return {
    name: 'bundle',
    async check() {
      const bundled = await readInputs(root);
      const fresh =
        bundled !== undefined &&
        (await stat(bundleFile(root)).catch(() => undefined)) !== undefined &&
        (await hashOf(root, bundled.files)) === bundled.hash;
      return fresh ? right('dev-server is up to date') : missing('dev-server has changed');
    },
    async make() {
      const { build } = await import('esbuild');
      const target = bundleFile(root);
      const half = `${target}.half`;
      const { metafile } = await build({
        absWorkingDir: root,
        entryPoints: ['dev-server/main.ts'],
        outfile: half,
        bundle: true,
        metafile: true,
        platform: 'node',
        target: 'node18',
        format: 'esm',
        // Bundled CommonJS packages call `require` for Node's own modules.
        banner: {
          js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
        },
        // An optional native driver that is not installed; `pg` does without.
        external: ['pg-native'],
        logLevel: 'silent',
      });
      const sources = Object.keys(metafile.inputs).filter((path) => !/node_modules\//.test(path));
      const files = [...sources, 'package-lock.json'].sort();
      const inputs: BundleInputs = { hash: (await hashOf(root, files)) ?? '', files };
      await mkdir(dirname(target), { recursive: true });
      await rename(half, target);
      await writeFile(inputsFile(root), JSON.stringify(inputs));
      return `dev-server bundled (${Math.round((await stat(target)).size / 1024)} KB)`;
    },
  };
}

async function readInputs(root: string): Promise<BundleInputs | undefined> {
  try {
    return JSON.parse(await readFile(inputsFile(root), 'utf8')) as BundleInputs;
  } catch {
    return undefined;
  }
}

async function hashOf(root: string, files: readonly string[]): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for (const file of files) hash.update(`\0${file}\0`).update(await readFile(join(root, file)));
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}
