import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Database, type ServiceDatabase, serviceDatabase } from '../database/database.js';
import { linkTable } from '../database/names.js';
import type { Datamodel, Field } from '../datamodel/datamodel.js';
import { type DeployProblem, MigrationRefused, problem } from '../datamodel/deploy-problem.js';
import { parseDatamodel } from '../datamodel/parse-datamodel.js';
import type { Project } from '../management/project-store.js';
import { type Change, planMigration, type Step } from './plan-migration.js';

/** A migration that can stay. */
export interface Migrated {
  readonly steps: readonly Step[];
  readonly warnings: readonly DeployProblem[];
}

/**
 * Brings the tables of `project` in line with `types`, in the transaction that `database` is. The
 * data decides: what it does not allow is found by trying, step by step.
 * @param isForced goes on where data is lost
 * @throws MigrationRefused and the transaction must be rolled back
 */
export async function migrate(
  database: Database,
  project: Project,
  types: string,
  isForced: boolean,
): Promise<Migrated> {
  const to = parseDatamodel(types);
  const from = parseDatamodel(project.last.datamodel);
  const service = serviceDatabase(database.db, project.id);
  const errors: DeployProblem[] = [];
  const warnings: DeployProblem[] = [];
  const changes = planMigration(from, to, service, database.dialect);
  for (const change of changes) {
    if (change.loses && (await isAny(service, change.loses))) {
      warnings.push(at(change, 'There is data that will be lost.'));
    }
    const error = await attempt(database, service, change);
    if (error) errors.push(error);
  }
  if (errors.length === 0) errors.push(...(await checkData(service, from, to)));
  if (errors.length > 0 || (warnings.length > 0 && !isForced)) {
    throw new MigrationRefused(errors, warnings);
  }
  return { steps: changes.map(({ step }) => step), warnings };
}

const at = ({ step }: Change, text: string): DeployProblem => {
  const [model, name] = [step.model, step.newName ?? step.name].map((fact) => String(fact ?? ''));
  return model ? problem(text, model, name) : problem(text, name);
};

async function isAny({ db }: ServiceDatabase, rows: RawBuilder<unknown>): Promise<boolean> {
  return (await sql`select 1 from ${rows} limit 1`.execute(db)).rows.length > 0;
}

/** A change that the data does not allow is undone alone, so that all such changes are found. */
async function attempt({ dialect }: Database, { db }: ServiceDatabase, change: Change) {
  await sql`savepoint change`.execute(db);
  try {
    for (const statement of change.statements) await statement.execute(db);
    return undefined;
  } catch (error) {
    const kind = dialect.violation(error)?.kind;
    if (kind === undefined) throw error;
    await sql`rollback to savepoint change`.execute(db);
    const text =
      kind === 'unique'
        ? 'There are nodes with equal values or links.'
        : 'There are nodes without a value: make it optional, or give a new field a @default.';
    return at(change, text);
  }
}

/** What no constraint of the database watches: required relations, and values of enums. */
async function checkData(service: ServiceDatabase, from: Datamodel, to: Datamodel) {
  const found: DeployProblem[] = [];
  for (const { name, fields } of to.models.values()) {
    for (const field of fields) {
      const condition = violating(service, field, from, to);
      const rows = condition && sql`${service.table(name)} t where ${condition}`;
      if (!rows || !(await isAny(service, rows))) continue;
      const text = field.kind === 'enum' ? 'with a removed value' : 'that lead nowhere by it';
      found.push(problem(`There are nodes ${text}.`, name, field.name));
    }
  }
  return found;
}

function violating(service: ServiceDatabase, field: Field, from: Datamodel, to: Datamodel) {
  if (field.kind === 'relation' && field.isRequired) {
    const link = service.table(linkTable(field.relation));
    return sql`not exists (select 1 from ${link} l where ${sql.ref(`l.${field.side}`)} = t.id)`;
  }
  const values = to.enums.get(field.type)?.values ?? [];
  const gone = from.enums.get(field.type)?.values.filter((value) => !values.includes(value)) ?? [];
  if (gone.length === 0 || field.kind !== 'enum') return undefined;
  const column = sql.ref(`t.${field.name}`);
  const uses = gone.map(
    (value): RawBuilder<SqlBool> =>
      field.isList
        ? sql`cast(${column} as text) like ${`%"${value}"%`}`
        : sql`${column} = ${value}`,
  );
  return sql.join(uses, sql` or `);
}
