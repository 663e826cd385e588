import { planChanges } from '../common/apply.js';
import type { ClusterContext } from '../context.js';
import type { Findings, Planned } from '../target.js';
import type { DockerSettings } from './settings.js';
import { nextStack, staleOf } from './up.js';
import { openDockerWorkspace } from './workspace.js';

/** What an apply would change in the engine. */
export async function plan(
  settings: DockerSettings,
  context: ClusterContext,
  { engine, missingImages }: Findings,
): Promise<Planned> {
  if (engine === undefined) throw new Error('the preflight connects to the engine');
  // The start command of a missing image is unknown; the plan shows the change without it.
  const stale = missingImages.length > 0 ? undefined : await staleOf(settings, context, engine);
  const stack = await nextStack(settings, context, stale);
  const { changes } = await planChanges(await openDockerWorkspace(context, stack));
  return { changes };
}
