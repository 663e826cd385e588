import { readState, requireState } from '../../../clients/terraform/state/read-state.js';
import { assertStays } from '../../../clients/terraform/state/replacement.js';
import { stateFile } from '../../../cluster/project.js';
import { KitError } from '../../../lib/errors.js';
import type { DropletGround } from '../../../stacks/droplet/cluster-stack.js';
import type { ClusterSettings, DropletSettings } from '../../clusters-file/cluster-settings.js';
import { assertSameTarget } from '../../common/same-target.js';
import { emptyGround, layGround, NOBODY, operatorOf } from './ground.js';

/** Where {@link layGrounds} works. */
export interface GroundsWorld {
  readonly stateDir: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The grounds of all clusters on droplets, by name, where `cdktf` is in charge, which synthesizes all
 * stacks whichever is meant. Where a ground cannot be laid, such as for want of a token, or where what
 * holds data would be replaced, that stack can be destroyed but not deployed, and the others are none
 * the worse for it.
 */
export async function layGrounds(
  clusters: readonly ClusterSettings[],
  { stateDir, env }: GroundsWorld,
): Promise<ReadonlyMap<string, DropletGround>> {
  const grounds = new Map<string, DropletGround>();
  for (const settings of clusters) {
    if (settings.target !== 'digitalocean') continue;
    grounds.set(
      settings.name,
      await groundOf(settings, { stateDir, env }).catch((error: unknown) => ({
        ...emptyGround(settings, stateDir, NOBODY),
        refusal: refusalOf(error),
      })),
    );
  }
  return grounds;
}

async function groundOf(settings: DropletSettings, { stateDir, env }: GroundsWorld) {
  const state = requireState(await readState(stateFile(stateDir, settings.name)));
  assertSameTarget(settings, state);
  assertStays(settings, state);
  const operator = await operatorOf(settings, [], env);
  return (await layGround(settings, stateDir, operator)).ground;
}

/** An error in the words that a plan fails with. @throws what is no {@link KitError} */
export function refusalOf(error: unknown): string {
  if (!(error instanceof KitError)) throw error;
  return error.problems
    .map(({ path, message, hint }) => [path, message, hint].filter(Boolean).join(': '))
    .join('\n');
}
