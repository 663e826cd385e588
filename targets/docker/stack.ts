import type { BuildStack } from '../../stacks/common/synthesize.js';
import { type StackPlace, stageProgram } from '../common/stack-place.js';
import type { StagePlaces } from '../common/stages/facts.js';
import { relocate } from '../common/stages/relocate.js';
import { stageCall } from '../common/stages/stage.js';
import { dockerFacts } from './facts.js';
import type { DockerSettings } from './settings.js';
import { STAGES } from './stages/all.js';

/** The stack of a cluster on this machine. */
export async function stackOf(
  settings: DockerSettings,
  places: StagePlaces,
  { refusal, program = stageProgram() }: Partial<Pick<StackPlace, 'refusal' | 'program'>> = {},
): Promise<BuildStack> {
  const { DockerClusterStack } = await import('../../stacks/docker/cluster-stack.js');
  const { identity, stateDir } = places;
  const facts = dockerFacts(settings, places);
  const stored = relocate(facts, identity.origin);
  return (app) => {
    new DockerClusterStack(app, settings.name, {
      settings,
      project: identity.origin,
      identity: identity.id,
      stateFile: facts.stateFile,
      endpoint: facts.endpoint,
      program: { ...program, stateDir },
      calls: (stage) => stageCall(STAGES, stage, stored),
      ...(refusal !== undefined && { refusal }),
    });
  };
}

/** The stack that `cdktf` synthesizes. */
export const cdktfStack = (
  settings: DockerSettings,
  { places, ...more }: StackPlace,
): Promise<BuildStack> => stackOf(settings, places, more);
