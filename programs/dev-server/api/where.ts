import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { ApiError } from '../api-error.js';
import {
  columnOf,
  follow,
  isRelation,
  type Model,
  otherSide,
  type RelationField,
} from '../datamodel/datamodel.js';
import { compare, filtersOf } from './filters.js';
import { linkOf, type Service } from './service.js';

/** Databases plan the joins of more relations for minutes. */
const MOST_RELATIONS = 10;

/** A `…WhereInput` as received. */
export type Where = { readonly [key: string]: unknown };

const all = (parts: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> =>
  parts.length === 0 ? sql`true` : sql`(${sql.join(parts, sql` and `)})`;

/**
 * The condition for rows of `model` under the alias `t` and `depth`, which keeps aliases distinct.
 */
export function conditionOf(
  service: Service,
  model: Model,
  where: Where | null | undefined,
  depth = 0,
): RawBuilder<SqlBool> {
  const parts = Object.entries(where ?? {}).filter(([, value]) => value !== undefined);
  return all(parts.map(([key, value]) => filter(service, model, key, value, depth)));
}

function filter(
  service: Service,
  model: Model,
  key: string,
  value: unknown,
  depth: number,
): RawBuilder<SqlBool> {
  if (/^(AND|OR|NOT)$/.test(key)) {
    const inner = ([] as unknown[]).concat(value ?? []);
    const parts = inner.map((where) => conditionOf(service, model, where as Where, depth));
    if (key === 'AND' || parts.length === 0) return all(parts);
    return key === 'OR' ? sql`(${sql.join(parts, sql` or `)})` : sql`(${all(parts)} is not true)`;
  }
  for (const field of model.fields.filter(({ name }) => key.startsWith(name))) {
    const suffix = key.slice(field.name.length);
    if (isRelation(field)) {
      if (!/^(_some|_every|_none)?$/.test(suffix)) continue;
      return relationFilter(service, field, suffix, value as Where | null, depth);
    }
    const column = sql.ref(`t${depth}.${columnOf(field)}`);
    if (filtersOf(field.type).includes(suffix)) return compare(suffix, column, value, service.kind);
  }
  throw new Error(`no filter '${key}' on ${model.name}`);
}

/** `_every` means: no related node fails to match. A single relation that is null has no link. */
function relationFilter(
  service: Service,
  field: RelationField,
  quantifier: string,
  where: Where | null,
  outer: number,
): RawBuilder<SqlBool> {
  const depth = outer + 1;
  if (depth > MOST_RELATIONS) {
    const text = `A condition follows more than ${MOST_RELATIONS} relations in a row.`;
    throw new ApiError(undefined, text);
  }
  const { target } = follow(service.datamodel, field);
  const [node, link] = [sql.id(`t${depth}`), sql.id(`l${depth}`)];
  const matches = conditionOf(service, target, where, depth);
  const isNegated = where === null || quantifier === '_every' || quantifier === '_none';
  return sql`${isNegated ? sql`not ` : sql``}exists (
    select 1 from ${linkOf(service, field)} ${link}
    join ${service.table(target.name)} ${node} on ${node}.id = ${link}.${sql.id(otherSide(field.side))}
    where ${link}.${sql.id(field.side)} = ${sql.id(`t${outer}`)}.id
      and ${matches} is ${quantifier === '_every' ? sql`not ` : sql``}true)`;
}
