import { type RawBuilder, sql } from 'kysely';
import { linkTable, type ServiceDatabase } from '../database/database.js';
import {
  type ColumnField,
  type Field,
  isColumn,
  type RelationField,
} from '../datamodel/datamodel.js';

/** Rows that a change does not allow, and the message when there are any. */
export interface Obstacle {
  readonly rows: RawBuilder<unknown>;
  readonly text: string;
}

const NO_VALUE =
  'There are nodes without a value: make it optional, or give a new field a @default.';
const EQUAL = 'There are nodes with equal values or links.';

/** Obstacles to a new column of an existing type. */
export function columnObstacles(
  { table }: ServiceDatabase,
  model: string,
  { isRequired, isUnique, defaultValue }: ColumnField,
): Obstacle[] {
  const nodes = table(model);
  if (isRequired && defaultValue === undefined) return [{ rows: nodes, text: NO_VALUE }];
  if (!isUnique || defaultValue === undefined) return [];
  return [{ rows: sql`(select id from ${nodes} limit 1 offset 1) t`, text: EQUAL }];
}

/** Obstacles to a new field of a relation. @param isLinked whether the relation exists */
export function linkObstacles(
  { table }: ServiceDatabase,
  model: string,
  { relation, side: name, isList, isRequired }: RelationField,
  isLinked: boolean,
): Obstacle[] {
  const [nodes, link, side] = [table(model), table(linkTable(relation)), sql.id(name)];
  if (!isLinked) return isRequired ? [{ rows: nodes, text: NO_VALUE }] : [];
  const rival = sql`(select ${side} from ${link} group by ${side} having count(*) > 1) t`;
  const lacking = sql`${nodes} t
    where not exists (select 1 from ${link} l where l.${side} = t.id)`;
  return [
    ...(isList ? [] : [{ rows: rival, text: EQUAL }]),
    ...(isRequired ? [{ rows: lacking, text: NO_VALUE }] : []),
  ];
}

/** Names of columns that differ only in case from an earlier one. */
export function caseTwins(fields: readonly Field[]): string[] {
  const names = fields.filter(isColumn).map(({ name }) => name);
  const folded = names.map((name) => name.toLowerCase());
  return names.filter((name, at) => folded.indexOf(name.toLowerCase()) < at);
}
