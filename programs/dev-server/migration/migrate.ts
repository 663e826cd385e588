import { sql } from 'kysely';
import { serviceDatabase } from '../database/database.js';
import type { Database } from '../database/database-kind.js';
import type { Datamodel } from '../datamodel/datamodel.js';
import { type DeployProblem, MigrationRefused, problem } from '../datamodel/deploy-problem.js';
import { type Change, planMigration, type Step } from './plan-migration.js';

/** Order of steps: tables, then link tables, then fields. */
const RANKS: Record<string, number> = { CreateRelation: 1, CreateField: 2 };
const rank = ({ step }: Change) => RANKS[step.type] ?? 0;

/**
 * Changes the tables of a project from one datamodel to another, and returns the steps. Changes
 * nothing before it knows every obstacle in the data.
 * @throws MigrationRefused
 */
export async function migrate(
  inside: Database,
  migrating: {
    readonly id: string;
    readonly revision: number;
    readonly from: Datamodel;
    readonly to: Datamodel;
    /** Reports the changes without making them. */
    readonly isDry: boolean;
  },
): Promise<Step[]> {
  const { id, revision, from, to, isDry } = migrating;
  const { changes, problems } = planMigration(from, to, serviceDatabase(inside, id));
  if (problems.length === 0) problems.push(...(await obstaclesOf(inside, changes)));
  if (problems.length > 0) throw new MigrationRefused(problems);
  const ordered = isDry ? [] : [...changes].sort((a, b) => rank(a) - rank(b));
  for (const { alterations } of ordered) {
    for (const one of alterations) await inside.kind.alter(inside, id, revision, one);
  }
  return changes.map(({ step }) => step);
}

async function obstaclesOf({ db }: Database, changes: readonly Change[]): Promise<DeployProblem[]> {
  const found: DeployProblem[] = [];
  for (const { step, obstacles } of changes) {
    for (const { rows, text } of obstacles) {
      const first = await sql`select 1 from ${rows} limit 1`.execute(db);
      if (first.rows.length > 0) found.push(problem(text, String(step.model), String(step.name)));
    }
  }
  return found;
}
