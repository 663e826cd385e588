import { type RawBuilder, type SqlBool, sql } from 'kysely';
import {
  endsOf,
  isColumn,
  isRelation,
  type Model,
  otherSide,
  type RelationField,
} from '../datamodel/datamodel.js';
import { filtersOf } from './filters.js';
import { linkOf, type Service } from './service.js';

/** A `…WhereInput` as it arrives. */
export type Where = { readonly [key: string]: unknown };

const all = (parts: RawBuilder<SqlBool>[]) =>
  parts.length === 0 ? sql<SqlBool>`true` : sql<SqlBool>`(${sql.join(parts, sql` and `)})`;

/** The condition for rows of `model` under `alias`. @param depth keeps aliases apart */
export function conditionOf(
  service: Service,
  model: Model,
  where: Where | null | undefined,
  alias = 't',
  depth = 0,
): RawBuilder<SqlBool> {
  const nested = (value: unknown) => conditionOf(service, model, value as Where, alias, depth);
  const entries = Object.entries(where ?? {}).filter(([, value]) => value !== undefined);
  return all(
    entries.map(([key, value]): RawBuilder<SqlBool> => {
      if (key === 'AND' || key === 'OR' || key === 'NOT') {
        const parts = ([] as unknown[]).concat(value ?? []).map(nested);
        if (parts.length === 0) return sql`true`;
        if (key === 'OR') return sql`(${sql.join(parts, sql` or `)})`;
        return key === 'AND' ? all(parts) : sql`(${all(parts)} is not true)`;
      }
      for (const field of model.fields) {
        const suffix = key.startsWith(field.name) ? key.slice(field.name.length) : undefined;
        if (suffix === undefined) continue;
        if (isRelation(field) && (suffix === '' || /^_(some|every|none)$/.test(suffix))) {
          return related(service, field, suffix, value as Where | null, alias, depth + 1);
        }
        const filter = isColumn(field) ? filtersOf(field.type)[suffix] : undefined;
        if (filter) return filter(sql.ref(`${alias}.${field.name}`), value);
      }
      throw new Error(`no filter for '${key}' of ${model.name}`);
    }),
  );
}

function related(
  service: Service,
  field: RelationField,
  quantifier: string,
  where: Where | null,
  outer: string,
  depth: number,
): RawBuilder<SqlBool> {
  const { target } = endsOf(service.datamodel, field);
  const [alias, link] = [`t${depth}`, `l${depth}`];
  const matches = conditionOf(service, target, where, alias, depth);
  const wanted = quantifier === '_every' ? sql<SqlBool>`${matches} is not true` : matches;
  const exists = sql<SqlBool>`exists (
    select 1 from ${linkOf(service, field)} ${sql.id(link)}
    join ${service.table(target.name)} ${sql.id(alias)}
      on ${sql.ref(`${alias}.id`)} = ${sql.ref(`${link}.${otherSide(field.side)}`)}
    where ${sql.ref(`${link}.${field.side}`)} = ${sql.ref(`${outer}.id`)} and ${wanted})`;
  const isNegated =
    quantifier === '_every' || quantifier === '_none' || (quantifier === '' && where === null);
  return isNegated ? sql<SqlBool>`not ${exists}` : exists;
}
