import type { State } from '../../clients/terraform/state/state.js';
import { environmentError } from '../../lib/errors.js';
import { reuseVariables } from '../common/external-database.js';
import { inputIn } from '../common/stages/input-in-state.js';
import { registerStage } from '../common/stages/register.js';
import { relocate } from '../common/stages/relocate.js';
import type { Stage } from '../common/stages/stage.js';
import { StepLog, stepLine } from '../common/step-log.js';
import { requireStateOf, stateFileOf } from '../common/workspace.js';
import type { ClusterContext } from '../context.js';
import type { Applied } from '../target.js';
import { manageDatabase } from './account/managed-database.js';
import { applyDroplet } from './apply.js';
import { install } from './install.js';
import { type PreparedBoot, prepareBoot } from './machine/boot-inputs.js';
import type { DropletFindings } from './preflight.js';
import type { DropletSettings } from './settings.js';
import { installStage } from './stages/install.js';
import { managedDatabaseStage } from './stages/managed-database.js';

/** Applies the stack; when Terraform has nothing to do, every step on the droplet still runs its check. */
export async function apply(
  settings: DropletSettings,
  context: ClusterContext,
  findings: DropletFindings,
): Promise<Applied> {
  const log = new StepLog((end) => context.progress.detail(stepLine(end)));
  const changes = await withBoot(settings, context, findings.operator, ({ boot }, onPlanned) =>
    applyDroplet(settings, context, { boot, findings, onPlanned, log }),
  );
  const state = await requireStateOf(context);
  const path = stateFileOf(context);
  const { stateDir } = context.project;
  if (changes.length === 0) {
    const { progress, signal, env } = context;
    if (settings.database.managed) {
      const input = requireInput(state, managedDatabaseStage, { path, stateDir });
      report(await manageDatabase(input, findings.api, signal), progress);
    }
    const variables = { ...env, ...reuseVariables(context) };
    const input = requireInput(state, installStage, { path, stateDir });
    report(await install(input, signal, undefined, variables, await context.login()), progress);
  }
  return { changes, registration: requireInput(state, registerStage, { path, stateDir }) };
}

/** Creates boot inputs for `work`, and removes those that no droplet will use. */
async function withBoot<T>(
  settings: DropletSettings,
  { project }: ClusterContext,
  operator: readonly string[],
  work: (prepared: PreparedBoot, onPlanned: (makesDroplet: boolean) => void) => Promise<T>,
): Promise<T> {
  const prepared = await prepareBoot(settings, project.stateDir, operator);
  // Until it is known: an unneeded key is harmless; a missing one makes a droplet unverifiable.
  let isMade = true;
  try {
    return await work(prepared, (makesDroplet) => {
      isMade = makesDroplet;
    });
  } finally {
    await prepared.clear(isMade ? 'made' : 'not made');
  }
}

function report(outcomes: Readonly<Record<string, string>>, progress: ClusterContext['progress']) {
  for (const [what, outcome] of Object.entries(outcomes)) {
    const show = outcome === 'already so' || outcome === 'none' ? progress.detail : progress.done;
    show(`${what}: ${outcome}`);
  }
}

/** The input of a stage after an apply; missing only if another program changed the state. */
function requireInput<Shape extends Parameters<typeof inputIn>[1]['input']['shape']>(
  state: State,
  stage: Stage<Shape>,
  { path, stateDir }: { readonly path: string; readonly stateDir: string },
) {
  const input = inputIn(state, stage);
  if (input !== undefined) return relocate(input, stateDir);
  throw environmentError('state-unreadable', {
    path,
    message: `the state lacks the input of '${stage.name}'`,
    hint: 'Another program has changed it since the apply. Run the same command again.',
  });
}
