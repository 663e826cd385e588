import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { TerraformEvent } from '../../clients/terraform/events.js';
import { type PlannedChange, plannedChanges } from '../../clients/terraform/events.js';
import { shortName, terraformFailure } from '../../clients/terraform/failure.js';
import { runTerraform, type TerraformRun } from '../../clients/terraform/run-terraform.js';
import { KitError } from '../../lib/errors.js';
import type { ClusterContext } from '../context.js';
import { reuseVariables } from './external-database.js';
import { releaseFile } from './release-external.js';

/** How long to wait for another run on the same cluster. */
const LOCK = '-lock-timeout=120s';

/**
 * Runs `terraform apply` or `destroy`, reports its steps, and returns the changes made.
 * @param savedPlan file of {@link planChanges} to apply. @default - plans again
 */
export async function applyChanges(
  verb: 'apply' | 'destroy',
  run: TerraformRun,
  context: ClusterContext,
  savedPlan?: string,
): Promise<PlannedChange[]> {
  const { progress, project, cluster } = context;
  const failureFile = join(project.stateDir, 'state', `${cluster}.failure.json`);
  await rm(failureFile, { force: true });
  const plan = savedPlan === undefined ? ['-auto-approve'] : [];
  const argv = [verb, '-json', ...plan, '-input=false', LOCK, ...(savedPlan ? [savedPlan] : [])];
  const result = await runTerraform(argv, {
    ...run,
    env: {
      ...run.env,
      CLUSTERKIT_FAILURE_FILE: failureFile,
      CLUSTERKIT_RELEASE_FILE: releaseFile(context),
      ...reuseVariables(context),
    },
    onEvent: (event) => show(event, progress),
  });
  if (result.exitCode === 0) return plannedChanges(result.events);
  throw (await stageFailure(failureFile)) ?? (await terraformFailure(verb, result, run));
}

/**
 * The changes that an apply would make, and Terraform's events about them.
 * @param saveAs file for the plan, to apply exactly that. @default - not saved
 */
export async function planChanges(run: TerraformRun, saveAs?: string) {
  const out = saveAs === undefined ? [] : [`-out=${saveAs}`];
  const argv = ['plan', '-json', '-input=false', LOCK, ...out];
  const result = await runTerraform(argv, run);
  if (result.exitCode !== 0) throw await terraformFailure('plan', result, run);
  return { changes: plannedChanges(result.events), events: result.events };
}

function show({ type, hook, diagnostic }: TerraformEvent, progress: ClusterContext['progress']) {
  const address = shortName(hook?.resource.addr ?? '');
  if (type === 'apply_complete') {
    const verb = { create: 'created', delete: 'removed', update: 'changed' }[hook?.action ?? ''];
    progress.done(
      `${address} ${verb ?? hook?.action ?? 'done'}`,
      (hook?.elapsed_seconds ?? 0) * 1000,
    );
  } else if (type === 'provision_progress' && hook?.output) {
    progress.detail(`${address}: ${hook.output}`);
  } else if (diagnostic?.severity === 'warning') {
    progress.warn(`${diagnostic.summary}: ${diagnostic.detail ?? ''}`);
  }
}

const failure = z.object({
  code: z.string(),
  exitCode: z.union([z.literal(2), z.literal(3)]),
  problems: z.array(
    z.object({ path: z.string().optional(), message: z.string(), hint: z.string().optional() }),
  ),
});

/** Reads the error of a stage inside the apply from its file; Terraform reports only the exit code. */
async function stageFailure(path: string): Promise<KitError | undefined> {
  try {
    const { code, exitCode, problems } = failure.parse(JSON.parse(await readFile(path, 'utf8')));
    return new KitError(code, exitCode, problems as KitError['problems']);
  } catch {
    return undefined;
  } finally {
    await rm(path, { force: true });
  }
}
