import { type RawBuilder, sql } from 'kysely';
import { indexName, linkTable, type ServiceDatabase } from '../database/database.js';
import type { Alteration } from '../database/database-kind.js';
import {
  type ColumnField,
  columnOf,
  type RelationField,
  SIDES,
  type Side,
  storedDefault,
} from '../datamodel/datamodel.js';

const create = (
  { kind }: ServiceDatabase,
  table: RawBuilder<unknown>,
  columns: readonly RawBuilder<unknown>[],
): Alteration => ({
  run: sql`create table ${table} (${sql.join(columns)}) ${kind.tableOptions}`,
  undo: sql`drop table ${table}`,
});

/** The table of a type, with the columns that all types have. */
export function createNodes(service: ServiceDatabase, model: string): Alteration[] {
  const { kind, table } = service;
  const times = ['createdAt', 'updatedAt'].map(
    (name) => sql`${sql.id(name)} ${kind.columnType('DateTime')} not null`,
  );
  const id = sql`id ${kind.columnType('Key')} not null primary key`;
  return [create(service, table(model), [id, ...times])];
}

/** The link table between two types. Links are deleted with their nodes. */
export function createLinks(
  service: ServiceDatabase,
  relation: string,
  models: Readonly<Record<Side, string>>,
): Alteration[] {
  const { kind, table } = service;
  const link = table(linkTable(relation));
  const columns = SIDES.map((side) => sql`${sql.id(side)} ${kind.columnType('Key')} not null`);
  // MySQL makes a name that is too long for a long table.
  const references = SIDES.map((side) => {
    const name = sql.id(indexName(relation, `links from ${side}`));
    const target = table(models[side]);
    return sql`constraint ${name} foreign key (${sql.id(side)}) references ${target} (id) on delete cascade`;
  });
  const key = sql`primary key (${sql.join(SIDES.map((side) => sql.id(side)))})`;
  const index = sql.id(indexName(relation, 'links to B'));
  return [
    create(service, link, [...columns, key, ...references]),
    { run: sql`create index ${index} on ${link} (${sql.id('B')})` },
  ];
}

/** Limits each node with the field to one link. In a new table the index needs no undo. */
export function limitLinks(
  { table }: ServiceDatabase,
  { relation, side }: RelationField,
  isNew: boolean,
): Alteration[] {
  const [link, index] = [table(linkTable(relation)), sql.id(indexName(relation, side))];
  return [
    {
      run: sql`create unique index ${index} on ${link} (${sql.id(side)})`,
      ...(!isNew && { undo: sql`drop index ${index} on ${link}` }),
    },
  ];
}

/** A column; existing rows get the default. A new table has no rows. */
export function addColumn(
  { kind, table }: ServiceDatabase,
  model: string,
  field: ColumnField,
  isNew: boolean,
): Alteration[] {
  const { isList, isUnique } = field;
  const name = columnOf(field);
  const isRequired = field.isRequired || isList;
  const type = isList ? 'Json' : field.kind === 'enum' ? 'Enum' : field.type;
  const [nodes, column] = [table(model), sql.id(name)];
  const index = sql.id(indexName(model, field.name));
  const value = storedDefault(field);
  const definition = sql`${kind.columnType(type)}${sql.raw(isNew && isRequired ? ' not null' : '')}`;
  const statements = [
    !isNew && value !== undefined && sql`update ${nodes} set ${column} = ${value}`,
    !isNew && isRequired && sql`alter table ${nodes} ${kind.requireValue(name, type)}`,
    isUnique && sql`create unique index ${index} on ${nodes} (${kind.indexed(name, type)})`,
  ];
  return [
    {
      run: sql`alter table ${nodes} add column ${column} ${definition}`,
      ...(!isNew && { undo: sql`alter table ${nodes} drop column ${column}` }),
    },
    ...statements.flatMap((run) => (run ? [{ run }] : [])),
  ];
}
