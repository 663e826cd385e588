import { sql } from 'kysely';
import type { Dialect, ServiceDatabase } from '../database/database.js';
import { linkTable } from '../database/names.js';
import {
  type Datamodel,
  type Field,
  isColumn,
  isRelation,
  isSystem,
  type Model,
  type Relation,
  SIDES,
} from '../datamodel/datamodel.js';
import { type Sql, statementsFor } from './statements.js';

/** One step of a migration, with the field names of the management API. `null` is unchanged. */
export interface Step {
  readonly type: string;
  readonly [fact: string]: string | boolean | readonly string[] | null;
}

/** A step, and how it is made. */
export interface Change {
  readonly step: Step;
  readonly statements: readonly Sql[];
  /** A table, with a condition where needed, whose rows are lost with this change. */
  readonly loses: Sql | undefined;
}

/**
 * The changes that lead from one datamodel to another, in an order in which they can be made.
 * A field that changes its type, or between one value and a list, is deleted and made anew; so is
 * a relation that gets another name.
 */
export function planMigration(
  from: Datamodel,
  to: Datamodel,
  service: ServiceDatabase,
  dialect: Dialect,
): Change[] {
  const changes: Change[] = [];
  const add = (step: Step, statements: readonly Sql[] = [], loses?: Sql) =>
    changes.push({ step, statements, loses });
  const make = statementsFor(service, dialect);
  const models = pair(from.models, to.models);
  const enums = pair(from.enums, to.enums);
  const newNames = new Map(models.kept.map(([before, after]) => [before.name, after.name]));
  const relations = pair(from.relations, to.relations, (before, after) =>
    isSameRelation(before, after, newNames),
  );
  const fields = models.kept.map(([before, after]) => ({
    model: after,
    ...pair(byName(before), byName(after), (old, now) => isSameColumn(old, now, newNames)),
  }));
  const createField = (model: Model, field: Field) => {
    const step = { type: 'CreateField', model: model.name, name: field.name, ...factsOf(field) };
    const isMade = isColumn(field) && !isSystem(field);
    add(step, isMade ? make.addColumn(model.name, field) : []);
  };
  for (const [before, { name }] of models.kept) {
    const step = { type: 'UpdateModel', name: before.name, newName: name };
    if (before.name !== name) add(step, make.renameTable(before, name));
  }
  for (const { name } of relations.gone) {
    const link = linkTable(name);
    add({ type: 'DeleteRelation', name }, make.dropTable(link), service.table(link));
  }
  for (const { model, gone } of fields) {
    for (const field of gone) {
      const step = { type: 'DeleteField', model: model.name, name: field.name };
      const filled = sql`${service.table(model.name)} where ${sql.id(field.name)} is not null`;
      if (isRelation(field)) add(step);
      else add(step, make.dropColumn(model.name, field.name), filled);
    }
  }
  for (const { name } of models.gone) {
    add({ type: 'DeleteModel', name }, make.dropTable(name), service.table(name));
  }
  for (const { name } of enums.gone) add({ type: 'DeleteEnum', name });
  for (const { name, values } of enums.made) add({ type: 'CreateEnum', name, values });
  for (const [before, { name, values }] of enums.kept) {
    const isSame = before.values.join() === values.join();
    if (!isSame) add({ type: 'UpdateEnum', name, newName: null, values });
  }
  for (const model of models.made) {
    add({ type: 'CreateModel', name: model.name }, make.createTable(model));
    for (const field of model.fields) createField(model, field);
  }
  for (const { model, kept, made } of fields) {
    for (const [before, after] of kept) {
      const step = updateStep(model, before, after);
      if (!step) continue;
      if (isColumn(before) && isColumn(after)) {
        add(step, isSystem(after) ? [] : make.changeColumn(model.name, before, after));
      } else if (isRelation(before) && isRelation(after)) {
        const isKept = relations.kept.some(([{ name }]) => name === before.relation);
        const isTurned = isKept && before.isList !== after.isList;
        add(step, isTurned ? make.changeLinks(after.relation, after.side, !after.isList) : []);
      }
    }
    for (const field of made) createField(model, field);
  }
  for (const relation of relations.made) {
    const [leftModel, rightModel] = [relation.A.model, relation.B.model];
    const step = { type: 'CreateRelation', name: relation.name, leftModel, rightModel };
    add(step, make.createLinks(relation));
  }
  return changes;
}

interface Named {
  readonly name: string;
  readonly oldName?: string | undefined;
}

/** Matches by name, or by `oldName` as long as nothing has the new name yet. */
function pair<T extends Named>(
  from: ReadonlyMap<string, T>,
  to: ReadonlyMap<string, T>,
  isSame: (before: T, after: T) => boolean = () => true,
) {
  const kept: [T, T][] = [];
  const made: T[] = [];
  for (const after of to.values()) {
    const { name, oldName } = after;
    const old = oldName !== undefined && !to.has(oldName) ? from.get(oldName) : undefined;
    const before = from.get(name) ?? old;
    if (before && isSame(before, after)) kept.push([before, after]);
    else made.push(after);
  }
  const used = new Set(kept.map(([before]) => before));
  return { kept, made, gone: [...from.values()].filter((before) => !used.has(before)) };
}

const byName = ({ fields }: Model) => new Map(fields.map((field) => [field.name, field]));

type Renames = ReadonlyMap<string, string>;

const isSameColumn = (before: Field, after: Field, newNames: Renames) =>
  before.kind === after.kind &&
  (before.type === after.type || newNames.get(before.type) === after.type) &&
  (isRelation(before) || before.isList === after.isList);

/** The columns of its table must still mean what they meant. */
const isSameRelation = (before: Relation, after: Relation, newNames: Renames) =>
  SIDES.every((side) => {
    const isToItself = after.A.model === after.B.model;
    const isSameField = before[side].field?.name === after[side].field?.name;
    return newNames.get(before[side].model) === after[side].model && (!isToItself || isSameField);
  });

/** What a step tells about a field. Relations and enums are kinds of types to the API. */
const factsOf = (field: Field) => ({
  typeName: isRelation(field) ? 'Relation' : field.kind === 'enum' ? 'Enum' : field.type,
  isRequired: field.isRequired || field.isList,
  isList: field.isList,
  unique: isColumn(field) && field.isUnique,
  relation: isRelation(field) ? field.relation : null,
  default: isColumn(field) ? String(field.defaultValue ?? '') || null : null,
  enum: field.kind === 'enum' ? field.type : null,
});

function updateStep(model: Model, before: Field, after: Field): Step | undefined {
  const old: Record<string, unknown> = factsOf(before);
  const facts = Object.entries(factsOf(after)).map(([key, fact]) => {
    return [key, old[key] === fact ? null : fact] as const;
  });
  const newName = before.name === after.name ? null : after.name;
  const inner = (field: Field) => (isRelation(field) ? field.cascades : field.isHidden);
  const isSame = facts.every(([, fact]) => fact === null) && newName === null;
  if (isSame && inner(before) === inner(after)) return undefined;
  const { name } = before;
  return { type: 'UpdateField', model: model.name, name, newName, ...Object.fromEntries(facts) };
}
