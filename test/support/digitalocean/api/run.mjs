#!/usr/bin/env node
// The fake DigitalOcean API as a process of its own, for tests that are not TypeScript:
//   node test/support/digitalocean/api/run.mjs [off|on] [port]
// The first line on standard output is {"url": "...", "token": "..."}; it serves until SIGTERM, and
// has /_control besides the API (see control.ts).
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const directory = await mkdtemp(join(tmpdir(), 'ck-test-api-'));
const outfile = join(directory, 'main.mjs');
try {
  await build({
    entryPoints: [join(import.meta.dirname, 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  await import(pathToFileURL(outfile).href);
} finally {
  await rm(directory, { recursive: true, force: true });
}
