import type { ContainerRole } from '../../cluster/names.js';
import { imagesOf } from '../../cluster/settings/settings.js';
import type { BuildStack } from '../../stacks/common/synthesize.js';
import { type StackPlace, stageProgram } from '../common/stack-place.js';
import type { StagePlaces } from '../common/stages/facts.js';
import { relocate } from '../common/stages/relocate.js';
import { stageCall } from '../common/stages/stage.js';
import { dockerFacts } from './facts.js';
import { type Found, findProvider } from './provider.js';
import { revisionsOf } from './revisions.js';
import type { DockerSettings } from './settings.js';
import { STAGES } from './stages/all.js';

/** Containers whose files differ from what they should be. @default - none */
interface Stale {
  readonly stale: ReadonlySet<ContainerRole>;
}

/** The stack of a cluster on this machine. */
export async function stackOf(
  settings: DockerSettings,
  places: StagePlaces,
  more: Partial<
    Pick<StackPlace, 'refusal' | 'program' | 'state'> & Pick<Found, 'provider'> & Stale
  > = {},
): Promise<BuildStack> {
  const { DockerClusterStack } = await import('../../stacks/docker/cluster-stack.js');
  const { refusal, provider, state, stale, program = stageProgram() } = more;
  const { identity, stateDir } = places;
  const facts = dockerFacts(settings, places);
  const stored = relocate(facts, identity.origin);
  return (app) => {
    new DockerClusterStack(app, settings.name, {
      settings,
      project: identity.origin,
      identity: identity.id,
      stateFile: facts.stateFile,
      revisions: revisionsOf(state, stored, stale),
      endpoint: facts.endpoint,
      bind: settings.bind,
      program: { ...program, stateDir },
      ...(provider && { provider }),
      calls: (stage) => stageCall(STAGES, stage, stored),
      ...(refusal !== undefined && { refusal }),
    });
  };
}

/** The stack that `cdktf` synthesizes. It names the engine: nobody sets variables for the provider. */
export async function cdktfStack(
  settings: DockerSettings,
  { places, program, refusal, env, state }: StackPlace,
): Promise<BuildStack> {
  const found = await findProvider(imagesOf(settings), env);
  return stackOf(settings, places, {
    program,
    refusal: refusal ?? found.refusal,
    provider: found.provider,
    state,
  });
}
