import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { missing, type Part, right, type SetupContext } from './part.js';

/**
 * Programs of this checkout that run in containers; each starts in `programs/<program>/main.ts`.
 */
export type BundledProgram = 'dev-server' | 'gateway' | 'relay' | 'activator' | 'waker';

/** A bundled program as one file. */
export const bundleFile = (root: string, program: BundledProgram) =>
  join(root, 'dist', program, 'server.mjs');

/** The inputs of the bundle: `{ hash, files }`, paths relative to the checkout. */
const inputsFile = (root: string, program: BundledProgram) =>
  join(root, 'dist', program, 'inputs.json');

interface BundleInputs {
  readonly hash: string;
  readonly files: readonly string[];
}

/** Bundles `main.ts` of a program and all its imports as one file for Node 18, with esbuild. */
export function bundlePart({ root }: Pick<SetupContext, 'root'>, program: BundledProgram): Part {
  return {
    name: 'bundle',
    async check() {
      const bundled = await readInputs(root, program);
      const fresh =
        bundled !== undefined &&
        (await stat(bundleFile(root, program)).catch(() => undefined)) !== undefined &&
        (await hashOf(root, bundled.files)) === bundled.hash;
      return fresh ? right(`${program} is up to date`) : missing(`${program} has changed`);
    },
    async make() {
      const { build } = await import('esbuild');
      const target = bundleFile(root, program);
      const half = `${target}.half`;
      const { metafile } = await build({
        absWorkingDir: root,
        entryPoints: [`programs/${program}/main.ts`],
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
        // An optional native driver that is not installed; `pg` works without it.
        external: ['pg-native'],
        logLevel: 'silent',
      });
      const sources = Object.keys(metafile.inputs).filter((path) => !/node_modules\//.test(path));
      const files = [...sources, 'package-lock.json'].sort();
      const inputs: BundleInputs = { hash: (await hashOf(root, files)) ?? '', files };
      await mkdir(dirname(target), { recursive: true });
      await rename(half, target);
      await writeFile(inputsFile(root, program), JSON.stringify(inputs));
      return `${program} bundled (${Math.round((await stat(target)).size / 1024)} KB)`;
    },
  };
}

async function readInputs(
  root: string,
  program: BundledProgram,
): Promise<BundleInputs | undefined> {
  try {
    return JSON.parse(await readFile(inputsFile(root, program), 'utf8')) as BundleInputs;
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
