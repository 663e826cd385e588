import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ServiceDatabase } from '../database/database.js';
import { linkTable } from '../database/names.js';
import {
  type Datamodel,
  type DeployProblem,
  type Enum,
  type Field,
  isColumn,
  isRelation,
  type Model,
  problem,
  type Relation,
} from '../datamodel/datamodel.js';
import type { Change } from './diff.js';

/** What the data says about a migration. Errors stop it; warnings stop it unless forced. */
export interface Findings {
  readonly errors: DeployProblem[];
  readonly warnings: DeployProblem[];
}

/** Looks whether the data that is there can follow `changes`. Nothing is changed. */
export async function checkChanges(
  service: ServiceDatabase,
  from: Datamodel,
  changes: readonly Change[],
): Promise<Findings> {
  const findings: Findings = { errors: [], warnings: [] };
  const tableOf = currentTables(from, changes);
  const has = async (table: string, condition: RawBuilder<SqlBool> = sql`true`) =>
    (
      await sql`select 1 from ${service.table(table)} t where ${condition} limit 1`.execute(
        service.db,
      )
    ).rows.length > 0;
  const check = { service, from, findings, tableOf, has };
  for (const change of changes) {
    if (change.kind === 'model' && change.step.type === 'DeleteModel') {
      const { name } = change.step;
      if (await has(name)) {
        findings.warnings.push(problem('It has nodes; they will be lost.', name));
      }
    }
    if (change.kind === 'field') await checkField(check, change);
    if (change.kind === 'enum' && change.before)
      await checkEnum(check, change.before, change.after);
    if (change.kind === 'relation') await checkRelation(check, change.before, change.after);
  }
  return findings;
}

interface Check {
  readonly service: ServiceDatabase;
  readonly from: Datamodel;
  readonly findings: Findings;
  /** The table of a type as it is now, or `undefined` for a new type. */
  readonly tableOf: (model: string) => string | undefined;
  readonly has: (table: string, condition?: RawBuilder<SqlBool>) => Promise<boolean>;
}

/** Old names by new names. */
function currentTables(from: Datamodel, changes: readonly Change[]): Check['tableOf'] {
  const renamed = new Map<string, string>();
  for (const { step } of changes) {
    if (step.type === 'UpdateModel') renamed.set(step.newName, step.name);
  }
  return (model) => renamed.get(model) ?? (from.models.has(model) ? model : undefined);
}

async function checkField(
  { service, findings, tableOf, has }: Check,
  { model, before, after }: { model: Model; before?: Field; after?: Field },
): Promise<void> {
  const table = tableOf(model.name);
  if (table === undefined) return;
  const stop = (text: string) => findings.errors.push(problem(text, model.name, after?.name));
  if (after === undefined || before === undefined) {
    const field = after ?? before;
    if (!field || !isColumn(field) || !(await has(table))) return;
    if (!after) {
      findings.warnings.push(problem('Its values will be lost.', model.name, field.name));
    } else if (field.isRequired && !field.isList && field.defaultValue === undefined) {
      stop(
        'A required field cannot be added where nodes exist: make it optional, or give a @default.',
      );
    }
    return;
  }
  const becomesRequired = after.isRequired && !before.isRequired;
  if (isRelation(after) && isRelation(before)) {
    const link = service.table(linkTable(before.relation));
    const unlinked = sql<SqlBool>`not exists (select 1 from ${link} l where l.${sql.id(before.side)} = t.id)`;
    if (becomesRequired && (await has(table, unlinked))) {
      stop('It cannot become required: there are nodes without it.');
    }
    return;
  }
  if (!isColumn(after) || !isColumn(before)) return;
  const column = sql.ref(`t.${before.name}`);
  if (becomesRequired && (await has(table, sql<SqlBool>`${column} is null`))) {
    stop('It cannot become required: there are nodes without a value.');
  }
  const twin = sql<SqlBool>`exists (select 1 from ${service.table(table)} o where o.${sql.id(before.name)} = ${column} and o.id <> t.id)`;
  if (after.isUnique && !before.isUnique && (await has(table, twin))) {
    stop('It cannot become unique: there are nodes with equal values.');
  }
}

async function checkEnum({ from, findings, has }: Check, before: Enum, after: Enum | undefined) {
  const removed = before.values.filter((value) => !after?.values.includes(value));
  for (const model of from.models.values()) {
    for (const field of model.fields.filter(({ type }) => type === before.name)) {
      for (const value of removed) {
        const column = sql.ref(`t.${field.name}`);
        const uses = field.isList
          ? sql<SqlBool>`cast(${column} as text) like ${`%"${value}"%`}`
          : sql<SqlBool>`${column} = ${value}`;
        if (after && (await has(model.name, uses))) {
          const description = `The value ${value} of ${before.name} is in use.`;
          findings.errors.push(problem(description, model.name, field.name));
        }
      }
    }
  }
}

async function checkRelation(
  { findings, tableOf, has }: Check,
  before: Relation | undefined,
  after: Relation | undefined,
): Promise<void> {
  if (before && !after && (await has(linkTable(before.name)))) {
    findings.warnings.push(problem('It has links; they will be lost.', before.name));
  }
  if (before || !after) return;
  for (const { model, field } of [after.A, after.B]) {
    const table = tableOf(model);
    if (field?.isRequired && table && (await has(table))) {
      const text = 'A required relation cannot be added where nodes exist: make it optional.';
      findings.errors.push(problem(text, model, field.name));
    }
  }
}
