#!/usr/bin/env node
// A DigitalOcean account to try things on, as a process of its own; its droplets are containers:
//   node test/support/digitalocean/account.mjs
// The first line on standard output is JSON: the environment that leads the kit there, and the
// address of a neighbour. It serves until SIGINT or SIGTERM, and then nothing of it is left.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Sources that look for files beside them find them where they are, bundled or not. */
const inPlace = {
  name: 'in-place',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/, namespace: 'file' }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return path.includes('/node_modules/')
        ? undefined
        : {
            loader: 'ts',
            contents: text
              .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
              .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
          };
    }),
};

// Within the checkout, so that packages are found.
const cache = join(import.meta.dirname, '../../../node_modules/.cache');
await mkdir(cache, { recursive: true });
const directory = await mkdtemp(join(cache, 'clusterkit-account-'));
try {
  const outfile = join(directory, 'account.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'account.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    plugins: [inPlace],
  });
  await import(pathToFileURL(outfile).href);
} finally {
  await rm(directory, { recursive: true, force: true });
}
