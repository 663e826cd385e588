import type { Engine } from '../../clients/docker/connect.js';
import type { ContainerRole } from '../../cluster/names.js';
import { applyChanges } from '../common/apply.js';
import { attemptOf, newAttempt } from '../common/attempt.js';
import { staleRoles } from '../common/configure.js';
import { registerStage } from '../common/stages/register.js';
import { relocate } from '../common/stages/relocate.js';
import { inputFor } from '../common/stages/stage.js';
import { knownStateOf } from '../common/workspace.js';
import { type ClusterContext, placesOf, stackPlacesOf } from '../context.js';
import type { Applied, Findings } from '../target.js';
import { isApplied, markApplied, unmarkApplied } from './applied-mark.js';
import { dockerFacts } from './facts.js';
import { findLostPort, mendLostPort } from './lost-port.js';
import { sortedObjects } from './own-objects.js';
import { isStaleUnseen } from './revisions.js';
import type { DockerSettings } from './settings.js';
import { stackOf } from './stack.js';
import { openDockerWorkspace } from './workspace.js';

/** Applies the stack, unless everything is unchanged since the last finished apply. */
export async function apply(
  settings: DockerSettings,
  context: ClusterContext,
  { engine }: Findings,
): Promise<Applied> {
  if (engine === undefined) throw new Error('the preflight connects to the engine');
  const { own } = await sortedObjects(engine, await context.owner());
  const lost = await findLostPort(settings, engine, own);
  if (lost) await mendLostPort(settings, engine, lost);
  const facts = dockerFacts(settings, placesOf(context));
  const stale = await staleOf(settings, context, engine);
  const isWhole = stale.size === 0 && !(await lacksSecrets(context));
  const isDone = isWhole && (await isApplied(settings, context, engine));
  return {
    changes: isDone ? [] : await applyStack(settings, context, stale),
    registration: inputFor(registerStage, facts),
    settle: async () => {
      if (!isDone) await markApplied(settings, context, engine);
    },
  };
}

/** Must the configuration be written again, though perhaps no file of it changes? The key store lacks a secret. */
export const lacksSecrets = async ({ secrets }: Pick<ClusterContext, 'secrets'>) =>
  (await secrets()) === undefined;

/** The containers whose configuration does not match settings and key store. */
export const staleOf = async (
  settings: DockerSettings,
  context: ClusterContext,
  engine: Engine,
): Promise<ReadonlySet<ContainerRole>> =>
  staleRoles(engine, {
    ...dockerFacts(settings, placesOf(context)),
    ...{ login: await context.login(), secrets: await context.secrets() },
  });

async function applyStack(
  settings: DockerSettings,
  context: ClusterContext,
  stale: ReadonlySet<ContainerRole>,
) {
  await unmarkApplied(context);
  const stack = await nextStack(settings, context, stale, await lacksSecrets(context));
  return applyChanges('apply', await openDockerWorkspace(context, stack), context);
}

/** The stack of the next apply. @param stale of {@link staleOf} @param isIncomplete of {@link lacksSecrets} */
export async function nextStack(
  settings: DockerSettings,
  context: ClusterContext,
  stale: ReadonlySet<ContainerRole> = new Set(),
  isIncomplete = false,
) {
  const state = await knownStateOf(context);
  const places = await stackPlacesOf(context, attemptOf(state));
  const stored = relocate(dockerFacts(settings, places), places.identity.origin);
  const isUnseen = state !== undefined && isStaleUnseen(state, stored, stale);
  const attempt = isUnseen || isIncomplete ? newAttempt() : places.attempt;
  return stackOf(settings, { ...places, attempt }, { state, stale });
}
