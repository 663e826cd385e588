import { knownState, readState } from '../../../clients/terraform/state/read-state.js';
import { appsMemory, sumOf } from '../../../cluster/containers/apps-memory.js';
import { stateFile } from '../../../cluster/project.js';
import { inputIn } from '../../common/stages/input-in-state.js';
import type { ClusterContext } from '../../context.js';
import type { DropletSettings } from '../settings.js';
import { installStage } from '../stages/install.js';

/**
 * The warning that an `up` starts server and database again, because applications leave them another part of the
 * memory. With limits of their own they stay.
 */
export async function memoryWarnings(
  { name, apps, server, database }: DropletSettings,
  { project }: Pick<ClusterContext, 'project'>,
): Promise<string[]> {
  if (server.memoryMb !== undefined && database.memoryMb !== undefined) return [];
  const state = knownState(await readState(stateFile(project.stateDir, name)));
  const last = state && inputIn(state, installStage);
  if (last === undefined) return [];
  const [before, after] = [last.apps?.memoryMb ?? 0, sumOf(appsMemory(apps))];
  if (before === after) return [];
  return [
    `applications need ${after} MB instead of ${before} MB: server and database start again with what is left; server.memory and database.memory would fix their parts`,
  ];
}
