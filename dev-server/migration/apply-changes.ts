import { type RawBuilder, sql } from 'kysely';
import type { Dialect, ServiceDatabase } from '../database/database.js';
import { indexName, linkTable } from '../database/names.js';
import {
  type Field,
  isColumn,
  isRelation,
  isSystem,
  type Relation,
  type RelationEnd,
  type ScalarField,
  type Side,
} from '../datamodel/datamodel.js';
import type { Change } from './diff.js';

/** Makes `changes` to the tables of a service. @param service a transaction in its schema */
export async function applyChanges(
  service: ServiceDatabase,
  dialect: Dialect,
  changes: readonly Change[],
): Promise<void> {
  const tables = new Tables(service, dialect);
  for (const change of changes) {
    if (change.kind === 'model') await tables.changeModel(change);
    if (change.kind === 'field') await tables.changeField(change);
    if (change.kind === 'relation') await tables.changeRelation(change);
  }
}

type Of<K extends Change['kind']> = Extract<Change, { kind: K }>;

class Tables {
  constructor(
    private readonly service: ServiceDatabase,
    private readonly dialect: Dialect,
  ) {}

  async changeModel({ before, after }: Of<'model'>): Promise<void> {
    if (before === undefined) {
      if (after === undefined) return;
      const id = this.dialect.columnType('ID', false);
      const time = this.dialect.columnType('DateTime', false);
      const columns = sql`id ${id} primary key, "createdAt" ${time} not null, "updatedAt" ${time} not null`;
      return this.#run(sql`create table ${this.service.table(after.name)} (${columns})`);
    }
    const table = this.service.table(before.name);
    if (after === undefined) return this.#run(sql`drop table ${table} cascade`);
    const unique = before.fields.filter(hasIndex);
    for (const { name } of unique) await this.#dropIndex(before.name, name);
    await this.#run(sql`alter table ${table} rename to ${sql.id(after.name)}`);
    for (const { name } of unique) await this.#createIndex(after.name, name, true);
  }

  async changeField({ model, before, after }: Of<'field'>): Promise<void> {
    if ([before, after].some((field) => field && isSystem(field))) return;
    if (
      before &&
      after &&
      isRelation(before) &&
      isRelation(after) &&
      before.relation === after.relation &&
      before.isList !== after.isList
    ) {
      const link = linkTable(before.relation);
      await this.#dropIndex(link, before.side);
      await this.#createIndex(link, before.side, !after.isList);
    }
    const alter = sql`alter table ${this.service.table(model.name)}`;
    if (before && isColumn(before)) {
      const old = sql.id(before.name);
      if (after === undefined) return this.#run(sql`${alter} drop column ${old}`);
      if (before.isUnique) await this.#dropIndex(model.name, before.name);
      if (before.name !== after.name) {
        await this.#run(sql`${alter} rename column ${old} to ${sql.id(after.name)}`);
      }
    }
    if (after && isColumn(after)) await this.#settle(model.name, before, after);
  }

  /** Adds the column where it is new, and makes it as required and as unique as told. */
  async #settle(model: string, before: Field | undefined, after: ScalarField): Promise<void> {
    const { name, isList, isRequired, defaultValue } = after;
    const alter = sql`alter table ${this.service.table(model)}`;
    const column = sql.id(name);
    if (before === undefined) {
      await this.#run(
        sql`${alter} add column ${column} ${this.dialect.columnType(after.type, isList)}`,
      );
      if (defaultValue !== undefined) {
        await this.#run(sql`update ${this.service.table(model)} set ${column} = ${defaultValue}`);
      }
    }
    const nullability = isRequired && !isList ? sql`set not null` : sql`drop not null`;
    await this.#run(sql`${alter} alter column ${column} ${nullability}`);
    if (after.isUnique) await this.#createIndex(model, name, true);
  }

  async changeRelation({ before, after, isSwapped }: Of<'relation'>): Promise<void> {
    if (before === undefined) {
      if (after === undefined) return;
      const end = ({ model }: RelationEnd) =>
        sql`text not null references ${this.service.table(model)} (id) on delete cascade`;
      const columns = sql`"A" ${end(after.A)}, "B" ${end(after.B)}, primary key ("A", "B")`;
      await this.#run(sql`create table ${this.service.table(linkTable(after.name))} (${columns})`);
      return this.#indexSides(after);
    }
    const old = linkTable(before.name);
    const alter = sql`alter table ${this.service.table(old)}`;
    if (after === undefined) return this.#run(sql`drop table ${this.service.table(old)}`);
    for (const side of ['A', 'B']) await this.#dropIndex(old, side);
    if (isSwapped) {
      await this.#run(sql`${alter} rename column "A" to "C"`);
      await this.#run(sql`${alter} rename column "B" to "A"`);
      await this.#run(sql`${alter} rename column "C" to "B"`);
    }
    const link = linkTable(after.name);
    if (link !== old) await this.#run(sql`${alter} rename to ${sql.id(link)}`);
    await this.#indexSides(after);
  }

  /** Unique where a node can be linked to one other only. */
  async #indexSides({ name, ...ends }: Relation): Promise<void> {
    for (const side of ['A', 'B'] satisfies Side[]) {
      await this.#createIndex(linkTable(name), side, ends[side].field?.isList === false);
    }
  }

  #createIndex(table: string, column: string, isUnique: boolean): Promise<void> {
    const name = sql.id(indexName(table, column));
    const kind = isUnique ? sql`unique index` : sql`index`;
    return this.#run(
      sql`create ${kind} ${name} on ${this.service.table(table)} (${sql.id(column)})`,
    );
  }

  #dropIndex(table: string, column: string): Promise<void> {
    return this.#run(sql`drop index ${this.service.table(indexName(table, column))}`);
  }

  async #run(statement: RawBuilder<unknown>): Promise<void> {
    await statement.execute(this.service.db);
  }
}

const hasIndex = (field: Field): field is ScalarField =>
  isColumn(field) && field.isUnique && !isSystem(field);
