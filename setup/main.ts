#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cacheDirectory } from '../cluster/project.js';
import { endProcess } from '../lib/end-process.js';
import { EXIT, KitError } from '../lib/errors.js';
import { useProxies } from '../lib/http/proxies.js';
import { createExclusive } from './exclusive.js';
import { runParts } from './run-parts.js';
import { setupParts } from './setup-parts.js';
import { createSetupReport } from './setup-report.js';

/** The second half of scripts/setup: everything beyond npm packages and compiled code. */
const { values } = parseArgs({
  options: { quiet: { type: 'boolean' }, verbose: { type: 'boolean' } },
});
const { env } = process;
useProxies(env);
const report = createSetupReport({
  stream: process.stderr,
  env,
  quiet: values.quiet === true,
  verbose: values.verbose === true,
});
const root = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string };
const cacheDir = cacheDirectory(env, env.HOME ?? homedir());
const exclusive = createExclusive(cacheDir, env, (owner) =>
  report.progress('setup').step(`waiting for another setup of this user: ${owner}`),
);

try {
  const parts = setupParts({
    root,
    version,
    cacheDir,
    env,
    platform: process.platform,
    arch: process.arch,
    isRoot: process.getuid?.() === 0,
    lockFd: exclusive.fd,
  });
  await runParts(parts, { report, exclude: exclusive.acquire, now: () => performance.now() });
} catch (error) {
  process.exitCode = explain(error);
}
await endProcess();

/**
 * Reports an error; errors of the operating system (disk full, read-only) count as the machine's.
 */
function explain(error: unknown): number {
  const { code, message, stack } = error as NodeJS.ErrnoException;
  process.stderr.write(`setup: ${values.verbose ? stack : message}\n`);
  if (error instanceof KitError) return error.exitCode;
  return typeof code === 'string' && /^E[A-Z]+$/.test(code) ? EXIT.environment : EXIT.internal;
}
