import { writeFileSync } from 'node:fs';
import { reportFailure } from '../cli/failure.js';
import { watchInterrupts } from '../cli/interrupts.js';
import { resolveEngine } from '../clients/docker/address/resolve-engine.js';
import { endProcess } from '../lib/end-process.js';
import { usageError } from '../lib/errors.js';
import { useProxies } from '../lib/http/proxies.js';
import { asKitError } from '../lib/system-error.js';
import { targetNamed } from '../lifecycle/cluster-run.js';
import { madeKeys } from '../lifecycle/made-by.js';
import { TARGETS } from '../targets/all.js';
import { inputHere } from '../targets/common/stages/own-paths.js';
import { findStage } from '../targets/common/stages/stage.js';
import { stepLine } from '../targets/common/step-log.js';
import type { Machine } from '../targets/machine.js';

/**
 * Terraform runs this inside an apply: `run-stage.js <stage> <state directory> <input as JSON>`; stacks of
 * versions before lack the directory.
 */
process.umask(0o077);
useProxies(process.env);
const interrupts = watchInterrupts(process);
try {
  const [name = '', ...rest] = process.argv.slice(2);
  const [stateDir, json = '{}'] = rest.length > 1 ? rest : [undefined, ...rest];
  const stages = TARGETS.flatMap((target) => target.stages);
  const stage = findStage(stages, name);
  if (stage === undefined) {
    const known = [...new Set(stages.map((each) => each.name))].join(', ');
    throw usageError('stage-unknown', { message: `'${name}' is none of ${known}` });
  }
  const input = inputHere(stage.input.parse(JSON.parse(json)), stateDir);
  const result = await stage.run(input, {
    env: process.env,
    signal: interrupts.signal,
    onStep: (end) => void process.stdout.write(`${stepLine(end)}\n`),
    machines: () => machinesOf(input),
  });
  process.stdout.write(`${result}\n`);
} catch (error) {
  // Terraform reports only an exit code: the kit that started it reads the error from this file.
  const file = process.env.CLUSTERKIT_FAILURE_FILE;
  const known = asKitError(error);
  if (file !== undefined && known !== undefined) {
    const { code, exitCode, problems } = known;
    try {
      writeFileSync(file, JSON.stringify({ code, exitCode, problems }), { mode: 0o600 });
    } catch {
      // On a full disk the reason goes by Terraform's own output, below.
    }
  }
  process.exitCode = reportFailure(
    error,
    [],
    interrupts.received(),
    process.stdout,
    process.stderr,
  );
} finally {
  interrupts.stop();
}
await endProcess();

/** The machines of the stage's cluster. Its target is in the input, or found by its key store. */
async function machinesOf(input: Readonly<Record<string, unknown>>): Promise<readonly Machine[]> {
  const { target, keyDirectory } = input;
  if (typeof keyDirectory !== 'string') throw new Error('the input has no key store');
  const { env } = process;
  const place = { keyDirectory, env, engineAddress: () => resolveEngine(env) };
  const owner =
    typeof target === 'string' ? targetNamed(target, TARGETS) : await madeKeys(place, TARGETS);
  if (owner === undefined)
    throw new Error('no machine of this cluster was ever contacted from here');
  return owner.engines(place, interrupts.signal);
}
