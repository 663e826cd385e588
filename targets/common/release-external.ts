import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandContext } from '../../cluster/context.js';
import { readDatabaseId } from '../../cluster/keys/database-id.js';
import type { ClusterSettings } from '../../cluster/settings/settings.js';
import { type ClusterContext, placesOf } from '../context.js';
import type { Machine } from '../machine.js';
import { type DatabaseEnd, databaseEnd, describeMark, prepareRelease } from './release-database.js';
import { commonFacts } from './stages/facts.js';

/** Outcome of `down` for an external database, whose data it never changes. */
export type DatabaseOutcome = DatabaseEnd['outcome'];

/** File in which the stage that releases a database reports its outcome to `down`. */
export const releaseFile = ({ project, cluster }: Pick<CommandContext, 'project' | 'cluster'>) =>
  join(project.stateDir, 'state', `${cluster}.release.json`);

/**
 * Call it before a destroy, in which Terraform releases an external database that is in its state.
 * @returns releases it otherwise and returns the outcome; call it after the destroy. `undefined`: there is
 * none
 */
export async function prepareExternalRelease(
  settings: ClusterSettings | undefined,
  context: ClusterContext,
  machines: () => Promise<readonly Machine[]>,
): Promise<() => Promise<DatabaseOutcome | undefined>> {
  const file = releaseFile(context);
  await rm(file, { force: true });
  const release = await withoutTerraform(settings, context, machines);
  return async () => {
    const reported = await reportIn(file);
    // Terraform's stage knows the password of the last `up`, and the settings perhaps a newer one.
    const isOver = reported && (reported.outcome !== 'marked' || settings === undefined);
    const second = isOver ? undefined : await release();
    const end = reported && second?.outcome !== 'released' ? reported : second;
    if (end?.outcome === 'marked') context.progress.warn(describeMark(end.why));
    return end?.outcome;
  };
}

/** For a state that is lost, or older than this stage. */
async function withoutTerraform(
  settings: ClusterSettings | undefined,
  context: ClusterContext,
  machines: () => Promise<readonly Machine[]>,
): Promise<() => Promise<DatabaseEnd | undefined>> {
  if (settings === undefined) {
    const id = await readDatabaseId(context.keyDirectory);
    const why = 'clusters.yml no longer has it';
    return async () => (id === undefined ? undefined : { outcome: 'marked', why });
  }
  const facts = commonFacts(settings, placesOf(context));
  const release = await prepareRelease(facts, context.env, machines);
  return async () => release?.();
}

async function reportIn(file: string): Promise<DatabaseEnd | undefined> {
  try {
    return databaseEnd.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  } finally {
    await rm(file, { force: true });
  }
}
