import { type RawBuilder, sql } from 'kysely';
import type { Dialect, ServiceDatabase } from '../database/database.js';
import { indexName, linkTable } from '../database/names.js';
import {
  type ColumnField,
  columnsOf,
  type Datamodel,
  type Enum,
  type Field,
  isColumn,
  isRelation,
  isSystem,
  type Model,
  type Relation,
  type RelationEnd,
} from '../datamodel/datamodel.js';

/** One step of a migration, with the field names of the management API. `null` is unchanged. */
export interface Step {
  readonly type: string;
  readonly [fact: string]: string | boolean | readonly string[] | null;
}

type Sql = RawBuilder<unknown>;

/** A step, and how it is made. */
export interface Change {
  readonly step: Step;
  readonly statements: readonly Sql[];
  /** A table, with a condition where needed, whose rows are lost with this change. */
  readonly loses?: Sql;
}

/**
 * The changes that lead from one datamodel to another, in an order in which they can be made.
 * A field that changes its type, or between one value and a list, is deleted and made anew; so is
 * a relation whose name changes.
 */
export function planMigration(
  from: Datamodel,
  to: Datamodel,
  service: ServiceDatabase,
  dialect: Dialect,
): Change[] {
  const plan = new Plan(service, dialect);
  const models = pair(from.models, to.models);
  const enums = pair(from.enums, to.enums);
  const newNames = new Map(models.kept.map(([before, after]) => [before.name, after.name]));
  const isSameRelation = (before: Relation, after: Relation) =>
    (['A', 'B'] as const).every(
      (side) =>
        newNames.get(before[side].model) === after[side].model &&
        (after.A.model !== after.B.model || before[side].field?.name === after[side].field?.name),
    );
  const relations = pair(from.relations, to.relations, isSameRelation);
  const fields = models.kept.map(([before, after]) => plan.fields(before, after, newNames));
  return [
    ...models.kept.flatMap(([before, after]) => plan.renameModel(before, after)),
    ...relations.gone.map((relation) => plan.deleteRelation(relation)),
    ...fields.flatMap(({ gone }) => gone),
    ...models.gone.map((model) => plan.deleteModel(model)),
    ...enums.gone.map(({ name }) => ({ step: { type: 'DeleteEnum', name }, statements: [] })),
    ...enums.made.map(({ name, values }) => {
      return { step: { type: 'CreateEnum', name, values }, statements: [] };
    }),
    ...enums.kept.flatMap(([before, after]) => updateEnum(before, after)),
    ...models.made.flatMap((model) => plan.createModel(model)),
    ...fields.flatMap(({ rest }) => rest),
    ...relations.made.map((relation) => plan.createRelation(relation)),
  ];
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
    const isFree = oldName !== undefined && !to.has(oldName);
    const before = from.get(name) ?? (isFree ? from.get(oldName) : undefined);
    if (before && isSame(before, after)) kept.push([before, after]);
    else made.push(after);
  }
  const used = new Set(kept.map(([before]) => before));
  return { kept, made, gone: [...from.values()].filter((before) => !used.has(before)) };
}

const byName = ({ fields }: Model) => new Map(fields.map((field) => [field.name, field]));

function updateEnum(before: Enum, { name, values }: Enum): Change[] {
  if (before.values.join() === values.join()) return [];
  return [{ step: { type: 'UpdateEnum', name, newName: null, values }, statements: [] }];
}

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

class Plan {
  constructor(
    private readonly service: ServiceDatabase,
    private readonly dialect: Dialect,
  ) {}

  createModel(model: Model): Change[] {
    const { name, fields } = model;
    const time = this.dialect.columnType('DateTime', false);
    const columns = sql`id text primary key, "createdAt" ${time} not null, "updatedAt" ${time} not null`;
    const table = sql`create table ${this.service.table(name)} (${columns})`;
    const step = { type: 'CreateModel', name };
    return [{ step, statements: [table] }, ...fields.map((field) => this.#create(model, field))];
  }

  deleteModel({ name }: Model): Change {
    const table = this.service.table(name);
    const step = { type: 'DeleteModel', name };
    return { step, statements: [sql`drop table ${table} cascade`], loses: table };
  }

  renameModel(before: Model, after: Model): Change[] {
    if (before.name === after.name) return [];
    const { table } = this.service;
    const indexes = columnsOf(before)
      .filter((field) => field.isUnique && !isSystem(field))
      .map(({ name }) => this.#renameIndex([before.name, name], [after.name, name]));
    const rename = sql`alter table ${table(before.name)} rename to ${sql.id(after.name)}`;
    const step = { type: 'UpdateModel', name: before.name, newName: after.name };
    return [{ step, statements: [rename, ...indexes] }];
  }

  fields(from: Model, to: Model, newNames: ReadonlyMap<string, string>) {
    const { kept, made, gone } = pair(byName(from), byName(to), (before, after) => {
      const isSameType = before.type === after.type || newNames.get(before.type) === after.type;
      const isSameShape = isRelation(before) || before.isList === after.isList;
      return before.kind === after.kind && isSameType && isSameShape;
    });
    const updated = kept.flatMap(([before, after]) => this.#update(to, before, after));
    return {
      gone: gone.map((field) => this.#delete(to, field)),
      rest: [...updated, ...made.map((field) => this.#create(to, field))],
    };
  }

  createRelation(relation: Relation): Change {
    const { name, A, B } = relation;
    const link = linkTable(name);
    const end = ({ model }: RelationEnd) =>
      sql`text not null references ${this.service.table(model)} (id) on delete cascade`;
    const columns = sql`"A" ${end(A)}, "B" ${end(B)}, primary key ("A", "B")`;
    return {
      step: { type: 'CreateRelation', name, leftModel: A.model, rightModel: B.model },
      statements: [
        sql`create table ${this.service.table(link)} (${columns})`,
        this.#createIndex(link, 'A', A.field?.isList === false),
        this.#createIndex(link, 'B', B.field?.isList === false),
      ],
    };
  }

  deleteRelation({ name }: Relation): Change {
    const link = this.service.table(linkTable(name));
    const step = { type: 'DeleteRelation', name };
    return { step, statements: [sql`drop table ${link}`], loses: link };
  }

  #create(model: Model, field: Field): Change {
    const step = { type: 'CreateField', model: model.name, name: field.name, ...factsOf(field) };
    if (isRelation(field) || isSystem(field)) return { step, statements: [] };
    const table = this.service.table(model.name);
    const column = sql.id(field.name);
    const type = this.dialect.columnType(field.type, field.isList);
    const { defaultValue, isRequired, isUnique } = field;
    const filled = sql`update ${table} set ${column} = ${defaultValue}`;
    return {
      step,
      statements: [
        sql`alter table ${table} add column ${column} ${type}`,
        ...(defaultValue === undefined ? [] : [filled]),
        ...(isRequired ? [sql`alter table ${table} alter column ${column} set not null`] : []),
        ...(isUnique ? [this.#createIndex(model.name, field.name, true)] : []),
      ],
    };
  }

  #delete({ name: model }: Model, field: Field): Change {
    const step = { type: 'DeleteField', model, name: field.name };
    if (isRelation(field) || isSystem(field)) return { step, statements: [] };
    const [table, column] = [this.service.table(model), sql.id(field.name)];
    const statements = [sql`alter table ${table} drop column ${column}`];
    return { step, statements, loses: sql`${table} where ${column} is not null` };
  }

  #update(model: Model, before: Field, after: Field): Change[] {
    const [old, now] = [factsOf(before), factsOf(after)];
    const keys = Object.keys(now) as (keyof typeof now)[];
    const facts = Object.fromEntries(
      keys.map((key) => [key, old[key] === now[key] ? null : now[key]]),
    );
    const newName = before.name === after.name ? null : after.name;
    const isSeen = (field: Field) => (isRelation(field) ? field.cascades : field.isHidden);
    const isSame = Object.values({ ...facts, newName }).every((fact) => fact === null);
    if (isSame && isSeen(before) === isSeen(after)) return [];
    const statements =
      isColumn(before) && isColumn(after)
        ? this.#alterColumn(model.name, before, after)
        : this.#alterLink(before, after);
    const step = { type: 'UpdateField', model: model.name, name: before.name, newName, ...facts };
    return [{ step, statements }];
  }

  #alterColumn(model: string, before: ColumnField, after: ColumnField): Sql[] {
    const alter = sql`alter table ${this.service.table(model)}`;
    const column = sql.id(after.name);
    const how = after.isRequired ? sql`set not null` : sql`drop not null`;
    const statements: Sql[] = [];
    if (before.isUnique) statements.push(this.#dropIndex(model, before.name));
    if (before.name !== after.name) {
      statements.push(sql`${alter} rename column ${sql.id(before.name)} to ${column}`);
    }
    if (before.isRequired !== after.isRequired) {
      statements.push(sql`${alter} alter column ${column} ${how}`);
    }
    if (after.isUnique) statements.push(this.#createIndex(model, after.name, true));
    return isSystem(after) ? [] : statements;
  }

  /** An end that leads to one node only has a unique index. */
  #alterLink(before: Field, after: Field): Sql[] {
    if (!isRelation(before) || !isRelation(after)) return [];
    if (before.relation !== after.relation || before.isList === after.isList) return [];
    const link = linkTable(after.relation);
    const { side } = after;
    return [this.#dropIndex(link, side), this.#createIndex(link, side, !after.isList)];
  }

  #createIndex(table: string, column: string, isUnique: boolean): Sql {
    const kind = isUnique ? sql`unique index` : sql`index`;
    const name = sql.id(indexName(table, column));
    return sql`create ${kind} ${name} on ${this.service.table(table)} (${sql.id(column)})`;
  }

  #dropIndex(table: string, column: string): Sql {
    return sql`drop index ${this.service.table(indexName(table, column))}`;
  }

  #renameIndex(before: [string, string], after: [string, string]): Sql {
    const name = sql.id(indexName(...after));
    return sql`alter index ${this.service.table(indexName(...before))} rename to ${name}`;
  }
}
