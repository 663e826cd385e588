// The second half of a build: programs that start often, or load much, become one file each. tsc has
// compiled them already; this replaces its output by files that start in about half the time.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

await build({
  absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
  // What Terraform calls at every stage, what cdktf calls, and what the kit loads to synthesize.
  entryPoints: ['scripts/run-stage.ts', 'cli/synthesize.ts', 'stacks/common/synthesize.ts'],
  outbase: '.',
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // Bundled CommonJS packages call `require` for Node's own modules.
  banner: {
    js: "import { createRequire as createRequireOf } from 'node:module'; const require = createRequireOf(import.meta.url);",
  },
  // Native code stays where npm has put it.
  external: ['fs-native-extensions', 'ssh2', 'cpu-features'],
  keepNames: true,
  logLevel: 'warning',
});
