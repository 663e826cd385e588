import { assertStays } from '../../clients/terraform/state/replacement.js';
import type { BuildStack } from '../../stacks/common/synthesize.js';
import type { BootInputs } from '../../stacks/droplet/cluster-stack.js';
import { refusalOf } from '../common/refusal.js';
import { type StackPlace, stageProgram } from '../common/stack-place.js';
import type { StagePlaces } from '../common/stages/facts.js';
import { relocate } from '../common/stages/relocate.js';
import { stageCall } from '../common/stages/stage.js';
import { dropletFacts, earlyFacts } from './facts.js';
import { NOBODY, operatorOf, placeholderBoot, prepareBoot } from './machine/boot-inputs.js';
import { type DropletSettings, dropletEndpoint } from './settings.js';
import { STAGES } from './stages/all.js';

/** The stack of a cluster on a droplet. */
export async function stackOf(
  settings: DropletSettings,
  places: StagePlaces,
  boot: BootInputs,
  { refusal, program = stageProgram() }: Partial<Pick<StackPlace, 'refusal' | 'program'>> = {},
): Promise<BuildStack> {
  const { DropletClusterStack } = await import('../../stacks/droplet/cluster-stack.js');
  const { identity, stateDir } = places;
  const early = earlyFacts(settings, places);
  const stored = <T extends Readonly<Record<string, unknown>>>(facts: T) =>
    relocate(facts, identity.origin);
  return (app) => {
    new DropletClusterStack(app, settings.name, {
      settings,
      stateFile: early.stateFile,
      program: { ...program, stateDir },
      calls: (stage, references) =>
        stageCall(
          STAGES,
          stage,
          stored(references === undefined ? early : dropletFacts(settings, places, references)),
        ),
      endpoint: (address) => dropletEndpoint(address, settings),
      boot,
      ...(refusal !== undefined && { refusal }),
    });
  };
}

/**
 * The stack that `cdktf` synthesizes, together with all other stacks. When boot inputs cannot be created,
 * such as without a token, or when a resource with data would be replaced, the stack can be destroyed but
 * not deployed. Other stacks are not affected.
 */
export async function cdktfStack(
  settings: DropletSettings,
  { places, program, env, state, refusal }: StackPlace,
): Promise<BuildStack> {
  const refused = (reason: string) =>
    stackOf(settings, places, placeholderBoot(settings, places.stateDir, NOBODY), {
      refusal: reason,
      program,
    });
  if (refusal !== undefined || state === undefined) return refused(refusal ?? 'no state');
  try {
    assertStays(settings, state);
    const operator = await operatorOf(settings, [], env);
    const { boot } = await prepareBoot(settings, places.stateDir, operator);
    return await stackOf(settings, places, boot, { program });
  } catch (error) {
    return refused(refusalOf(error));
  }
}
