import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles a worker of this folder to one file that plain `node` runs, into `directory`.
 * The native lock stays outside: it is imported from where it is installed.
 */
export async function bundleWorker(name: string, directory: string): Promise<string> {
  const outfile = join(directory, `${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    alias: {
      'fs-native-extensions': join(
        import.meta.dirname,
        '../../../node_modules/fs-native-extensions/index.js',
      ),
    },
    external: ['*/fs-native-extensions/index.js'],
    // yaml and zod are CommonJS in part.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return outfile;
}
