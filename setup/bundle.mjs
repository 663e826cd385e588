// The second half of a build: programs that start often, or load much, become few files. tsc has
// compiled them already; this replaces its output by files that start in about half the time.
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
// Every target has a stack of its own; what they share is loaded once.
const stacks = readdirSync(`${root}/stacks`)
  .filter((name) => name !== 'common')
  .map((name) => `stacks/${name}/cluster-stack.ts`);
rmSync(`${root}/dist/chunks`, { recursive: true, force: true });

await build({
  absWorkingDir: root,
  // What Terraform calls at every stage, what cdktf calls, and what the kit loads to synthesize.
  entryPoints: [
    'scripts/run-stage.ts',
    'cli/synthesize.ts',
    'stacks/common/synthesize.ts',
    ...stacks,
  ],
  outbase: '.',
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // Bundled CommonJS packages call `require` for Node's own modules.
  banner: {
    js: "import { createRequire as createRequireOf } from 'node:module'; const require = createRequireOf(import.meta.url);",
  },
  // Native code stays in its npm package.
  external: ['fs-native-extensions', 'ssh2', 'cpu-features'],
  keepNames: true,
  logLevel: 'warning',
});
