import type { PlannedChange } from '../../clients/terraform/events.js';
import { replacementsIn } from '../../clients/terraform/replacements.js';
import { runTerraform, type TerraformRun } from '../../clients/terraform/run-terraform.js';
import { planChanges } from '../common/apply.js';
import type { ClusterContext } from '../context.js';
import type { Findings, Planned } from '../target.js';
import { reachWarnings } from './address.js';
import { findLostPort } from './lost-port.js';
import { sortedObjects } from './own-objects.js';
import { replacedBecause } from './replaced-because.js';
import type { DockerSettings } from './settings.js';
import { lacksSecrets, nextStack, staleOf } from './up.js';
import { openDockerWorkspace } from './workspace.js';

/** In Terraform's directory, which is emptied before each use. */
const PLAN = 'plan';

/** What an apply would change in the engine. */
export async function plan(
  settings: DockerSettings,
  context: ClusterContext,
  { engine, missingImages }: Findings,
): Promise<Planned> {
  if (engine === undefined) throw new Error('the preflight connects to the engine');
  // The start command of a missing image is unknown; the plan shows the change without it.
  const stale = missingImages.length > 0 ? undefined : await staleOf(settings, context, engine);
  const stack = await nextStack(settings, context, stale, await lacksSecrets(context));
  const run = await openDockerWorkspace(context, stack);
  const { changes } = await planChanges(run, PLAN);
  const { own } = await sortedObjects(engine, await context.owner());
  const lost = await findLostPort(settings, engine, own);
  const restart = lost ? [{ address: `docker_container.${lost.role}`, action: 'restart' }] : [];
  const warnings = reachWarnings(settings);
  return {
    changes: [...(await explained(changes, run)), ...restart],
    ...(warnings.length > 0 && { warnings }),
  };
}

/** The changes, with what replaces each container. */
async function explained(changes: readonly PlannedChange[], run: TerraformRun) {
  if (!changes.some(({ action }) => action === 'replace')) return changes;
  const { text } = await runTerraform(['show', '-json', PLAN], run);
  const reasons = replacementsIn(text, 'docker_container');
  return changes.map((change) => {
    const because = replacedBecause(reasons.get(change.address) ?? []);
    return because.length === 0 ? change : { ...change, because };
  });
}
