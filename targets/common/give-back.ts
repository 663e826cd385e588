import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClusterWorld, placesOf } from '../../cluster/context.js';
import { readDatabaseId } from '../../cluster/keys/database-id.js';
import { keyDirectory } from '../../cluster/keys/key-directory.js';
import type { ClusterSettings } from '../clusters-file/cluster-settings.js';
import { commonFacts } from './stages/facts.js';
import {
  type DatabaseEnd,
  databaseEnd,
  markedInWords,
  prepareRelease,
} from './stages/release-database.js';

/** What `down` did about a database of one's own, whose data it never touches. */
export type DatabaseOutcome = DatabaseEnd['outcome'];

/** Where the stage that gives a database back tells what became of it, inside of a destroy of ours. */
export const releaseFile = ({ project, cluster }: Pick<ClusterWorld, 'project' | 'cluster'>) =>
  join(project.stateDir, 'state', `${cluster}.release.json`);

/**
 * Before a destroy, which gives a database of one's own back where Terraform knows of it.
 * @returns what does it otherwise, and tells what became of it, to be called after the destroy;
 * `undefined`: there is none
 */
export async function prepareGiveBack(
  settings: ClusterSettings | undefined,
  world: ClusterWorld,
): Promise<() => Promise<DatabaseOutcome | undefined>> {
  const file = releaseFile(world);
  await rm(file, { force: true });
  const byHand = await withoutTerraform(settings, world);
  return async () => {
    const end = (await toldIn(file)) ?? (await byHand());
    if (end?.outcome === 'marked') world.steps.warn(markedInWords(end.why));
    return end?.outcome;
  };
}

/** For a state that is lost, or was written before there was such a stage. */
async function withoutTerraform(
  settings: ClusterSettings | undefined,
  world: ClusterWorld,
): Promise<() => Promise<DatabaseEnd | undefined>> {
  if (settings === undefined) {
    const id = await readDatabaseId(keyDirectory(world.project.stateDir, world.cluster));
    const why = 'clusters.yml no longer names it';
    return async () => (id === undefined ? undefined : { outcome: 'marked', why });
  }
  const giveBack = await prepareRelease(commonFacts(settings, placesOf(world, '')), world.env);
  return async () => giveBack?.();
}

async function toldIn(file: string): Promise<DatabaseEnd | undefined> {
  try {
    return databaseEnd.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  } finally {
    await rm(file, { force: true });
  }
}
