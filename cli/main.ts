#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { EXIT } from '../lib/errors.js';
import { registerDropletVerbs } from './droplet/register.js';
import { reportFailure } from './failure.js';
import { watchInterrupts } from './interrupts.js';
import { registerLifecycleVerbs } from './lifecycle/register.js';
import { watchOutput } from './lost-output.js';
import { runProgram } from './program.js';
import { registerClusterVerbs } from './registry/register.js';
import { registerServiceVerbs } from './service/register.js';

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

// State, plans and keys are nobody else's to read, whatever the shell's umask.
const callersUmask = process.umask(0o077);
const argv = process.argv.slice(2);
const interrupts = watchInterrupts(process);
const outputFailure = watchOutput([process.stdout, process.stderr]);
try {
  process.exitCode = await runProgram(
    argv,
    version,
    [registerLifecycleVerbs, registerDropletVerbs, registerClusterVerbs, registerServiceVerbs],
    {
      env: process.env,
      cwd: process.cwd(),
      home: process.env.HOME ?? process.env.USERPROFILE ?? homedir(),
      platform: process.platform,
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      signal: interrupts.signal,
      lendSignals: interrupts.lend,
      callersUmask,
    },
  );
} catch (error) {
  process.exitCode = reportFailure(
    error,
    argv,
    interrupts.received(),
    process.stdout,
    process.stderr,
  );
} finally {
  interrupts.stop();
}
// Told when all is written, or is not.
process.once('beforeExit', () => {
  const failure = outputFailure();
  if (failure === undefined || process.exitCode === EXIT.environment) return;
  process.exitCode = EXIT.environment;
  process.stderr.write(`error: the result cannot be written: ${failure.message}\n`);
});
