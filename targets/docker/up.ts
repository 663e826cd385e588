import type { Engine } from '../../clients/docker/connect.js';
import { applyChanges } from '../common/apply.js';
import { attemptOf } from '../common/attempt.js';
import { isConfigured } from '../common/configure.js';
import { registerStage } from '../common/stages/register.js';
import { inputFor } from '../common/stages/stage.js';
import { knownStateOf } from '../common/workspace.js';
import { type ClusterContext, placesOf, stackPlacesOf } from '../context.js';
import type { Applied, Findings } from '../target.js';
import { isApplied, markApplied, unmarkApplied } from './applied-mark.js';
import { dockerFacts } from './facts.js';
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
  const facts = dockerFacts(settings, placesOf(context));
  const configured = await hasConfiguration(settings, context, engine);
  const isDone = configured && (await isApplied(settings, context, engine));
  return {
    changes: isDone ? [] : await applyStack(settings, context, !configured),
    registration: inputFor(registerStage, facts),
    settle: async () => {
      if (!isDone) await markApplied(settings, context, engine);
    },
  };
}

/** Does the configuration in the containers match settings and key store? */
export const hasConfiguration = async (
  settings: DockerSettings,
  context: ClusterContext,
  engine: Engine,
): Promise<boolean> =>
  isConfigured(engine, {
    ...dockerFacts(settings, placesOf(context)),
    ...{ login: await context.login(), secrets: await context.secrets() },
  });

async function applyStack(settings: DockerSettings, context: ClusterContext, anew: boolean) {
  await unmarkApplied(context);
  const stack = await nextStack(settings, context, anew);
  return applyChanges('apply', await openDockerWorkspace(context, stack), context);
}

/** The stack of the next apply. @param anew all stages run again, whatever the state */
export async function nextStack(settings: DockerSettings, context: ClusterContext, anew: boolean) {
  const attempt = attemptOf(anew ? undefined : await knownStateOf(context));
  return stackOf(settings, await stackPlacesOf(context, attempt));
}
