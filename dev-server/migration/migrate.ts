import { type RawBuilder, sql } from 'kysely';
import { type Database, serviceDatabase } from '../database/database.js';
import { violationOf } from '../database/postgres.js';
import type { Datamodel } from '../datamodel/datamodel.js';
import { MigrationRefused, problem } from '../datamodel/deploy-problem.js';
import { type Change, planMigration, type Step } from './plan-migration.js';

const NO_VALUE =
  'There are nodes without a value: make it optional, or give a new field a @default.';
const REASONS = { unique: 'There are nodes with equal values or links.', null: NO_VALUE };

/** Tables first, then what they are linked by, then fields. */
const RANKS: Record<string, number> = { CreateRelation: 1, CreateField: 2 };
const rank = ({ step }: Change) => RANKS[step.type] ?? 0;

/**
 * Brings the tables in `namespace` from one datamodel to another, in the transaction that `db` is,
 * and tells the steps. @throws MigrationRefused and the transaction must be rolled back
 */
export async function migrate(
  db: Database,
  namespace: string,
  from: Datamodel,
  to: Datamodel,
): Promise<Step[]> {
  const { changes, problems } = planMigration(from, to, serviceDatabase(db, namespace));
  if (problems.length > 0) throw new MigrationRefused(problems);
  for (const change of [...changes].sort((a, b) => rank(a) - rank(b))) await make(db, change);
  return changes.map(({ step }) => step);
}

async function make(db: Database, { step, statements, lacking }: Change): Promise<void> {
  const refuse = (text: string) =>
    new MigrationRefused([problem(text, String(step.model ?? step.name), String(step.name))]);
  try {
    for (const statement of statements) await statement.execute(db);
  } catch (error) {
    const violation = violationOf(error);
    throw violation ? refuse(REASONS[violation.kind]) : error;
  }
  if (lacking && (await isAny(db, lacking))) throw refuse(NO_VALUE);
}

const isAny = async (db: Database, rows: RawBuilder<unknown>): Promise<boolean> =>
  (await sql`select 1 from ${rows} limit 1`.execute(db)).rows.length > 0;
