import { type RawBuilder, sql } from 'kysely';
import type { Dialect, ServiceDatabase } from '../database/database.js';
import { indexName, linkTable } from '../database/names.js';
import {
  type ColumnField,
  columnsOf,
  isSystem,
  type Model,
  type Relation,
  SIDES,
} from '../datamodel/datamodel.js';

export type Sql = RawBuilder<unknown>;

/** The statements that change the tables of a service. Nothing is run here. */
export const statementsFor = ({ table }: ServiceDatabase, dialect: Dialect) => {
  const createIndex = (name: string, column: string, isUnique: boolean): Sql => {
    const kind = isUnique ? sql`unique index` : sql`index`;
    return sql`create ${kind} ${sql.id(indexName(name, column))} on ${table(name)} (${sql.id(column)})`;
  };
  const dropIndex = (name: string, column: string): Sql =>
    sql`drop index ${table(indexName(name, column))}`;
  const renameIndex = (from: [string, string], to: [string, string]): Sql =>
    sql`alter index ${table(indexName(...from))} rename to ${sql.id(indexName(...to))}`;
  return {
    createTable({ name }: Model): Sql[] {
      const time = sql`${dialect.columnType('DateTime', false)} not null`;
      const columns = sql`id text primary key, "createdAt" ${time}, "updatedAt" ${time}`;
      return [sql`create table ${table(name)} (${columns})`];
    },
    renameTable(before: Model, after: string): Sql[] {
      const unique = columnsOf(before).filter((field) => field.isUnique && !isSystem(field));
      const rename = sql`alter table ${table(before.name)} rename to ${sql.id(after)}`;
      const moved = unique.map(({ name }) => renameIndex([before.name, name], [after, name]));
      return [rename, ...moved];
    },
    dropTable: (name: string): Sql[] => [sql`drop table ${table(name)} cascade`],
    dropColumn: (model: string, name: string): Sql[] => [
      sql`alter table ${table(model)} drop column ${sql.id(name)}`,
    ],
    addColumn(model: string, field: ColumnField): Sql[] {
      const { name, type, isList, isRequired, isUnique, filledAt, migrationValue } = field;
      const [alter, column] = [sql`alter table ${table(model)}`, sql.id(name)];
      const statements = [sql`${alter} add column ${column} ${dialect.columnType(type, isList)}`];
      const value = filledAt ? sql.ref(`${filledAt}dAt`) : migrationValue;
      if (value !== undefined)
        statements.push(sql`update ${table(model)} set ${column} = ${value}`);
      if (isRequired) statements.push(sql`${alter} alter column ${column} set not null`);
      return isUnique ? [...statements, createIndex(model, name, true)] : statements;
    },
    changeColumn(model: string, before: ColumnField, after: ColumnField): Sql[] {
      const [alter, column] = [sql`alter table ${table(model)}`, sql.id(after.name)];
      const statements = before.isUnique ? [dropIndex(model, before.name)] : [];
      if (before.name !== after.name) {
        statements.push(sql`${alter} rename column ${sql.id(before.name)} to ${column}`);
      }
      if (before.isRequired !== after.isRequired) {
        const how = after.isRequired ? sql`set not null` : sql`drop not null`;
        statements.push(sql`${alter} alter column ${column} ${how}`);
      }
      return after.isUnique ? [...statements, createIndex(model, after.name, true)] : statements;
    },
    createLinks({ name, ...ends }: Relation): Sql[] {
      const columns = SIDES.map((side) => {
        const target = sql`${table(ends[side].model)} (id) on delete cascade`;
        return sql`${sql.id(side)} text not null references ${target}`;
      });
      const link = linkTable(name);
      return [
        sql`create table ${table(link)} (${sql.join(columns)}, primary key ("A", "B"))`,
        ...SIDES.map((side) => createIndex(link, side, ends[side].field?.isList === false)),
      ];
    },
    /** The index of an end that leads to one node only is unique. */
    changeLinks(relation: string, side: string, isUnique: boolean): Sql[] {
      const link = linkTable(relation);
      return [dropIndex(link, side), createIndex(link, side, isUnique)];
    },
  };
};
