#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { endProcess } from '../lib/end-process.js';
import { EXIT } from '../lib/errors.js';
import { useProxies } from '../lib/http/proxies.js';
import { usableTmpdir } from '../lib/usable-tmpdir.js';
import { ALL_VERBS } from './all-verbs.js';
import { reportFailure } from './failure.js';
import { watchInterrupts } from './interrupts.js';
import { checkoutRoot, kitCall } from './kit-call.js';
import { watchOutput } from './lost-output.js';
import { runProgram } from './program.js';

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

// Only this user may read state, plans and keys, whatever the shell's umask is.
const callersUmask = process.umask(0o077);
// For this process and for Terraform, which puts its sockets there.
const tmpdir = usableTmpdir(process.env, process.platform);
if (tmpdir !== undefined) process.env.TMPDIR = tmpdir;
useProxies(process.env);
const argv = process.argv.slice(2);
const interrupts = watchInterrupts(process);
const callOf = () => kitCall({ root: checkoutRoot(), cwd: process.cwd(), path: process.env.PATH });
const outputFailure = watchOutput([process.stdout, process.stderr]);
try {
  process.exitCode = await runProgram(argv, version, ALL_VERBS, {
    env: process.env,
    cwd: process.cwd(),
    home: process.env.HOME ?? process.env.USERPROFILE ?? homedir(),
    platform: process.platform,
    uid: process.getuid?.(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: interrupts.signal,
    lendSignals: interrupts.lend,
    callersUmask,
  });
} catch (error) {
  const { stdout, stderr } = process;
  process.exitCode = reportFailure(error, argv, interrupts.received(), stdout, stderr, callOf());
} finally {
  interrupts.stop();
}
// Reports output that could not be written, once everything has been tried.
await endProcess(() => {
  const failure = outputFailure();
  if (failure === undefined || process.exitCode === EXIT.environment) return;
  process.exitCode = EXIT.environment;
  process.stderr.write(`error: the result cannot be written: ${failure.message}\n`);
});
