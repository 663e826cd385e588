import { type RawBuilder, type SqlBool, sql } from 'kysely';

type Comparison = (column: RawBuilder<unknown>, value: unknown) => RawBuilder<SqlBool>;

const like =
  (isNegated: boolean, before: string, after: string): Comparison =>
  (column, value) => {
    const pattern = before + String(value).replace(/[\\%_]/g, '\\$&') + after;
    return isNegated
      ? sql<SqlBool>`${column} not like ${pattern}`
      : sql<SqlBool>`${column} like ${pattern}`;
  };
const compare =
  (operator: string): Comparison =>
  (column, value) =>
    sql<SqlBool>`${column} ${sql.raw(operator)} ${value}`;
const oneOf =
  (isNegated: boolean): Comparison =>
  (column, value) => {
    const values = Array.isArray(value) ? value : [value];
    if (values.length === 0) return isNegated ? sql<SqlBool>`true` : sql<SqlBool>`false`;
    const list = sql`(${sql.join(values)})`;
    return isNegated ? sql<SqlBool>`${column} not in ${list}` : sql<SqlBool>`${column} in ${list}`;
  };

const EQUALITY: Record<string, Comparison> = {
  '': (column, value) =>
    value === null ? sql<SqlBool>`${column} is null` : sql<SqlBool>`${column} = ${value}`,
  _not: (column, value) =>
    value === null ? sql<SqlBool>`${column} is not null` : sql<SqlBool>`${column} <> ${value}`,
};
const MEMBERSHIP = { ...EQUALITY, _in: oneOf(false), _not_in: oneOf(true) };
const ORDER = {
  ...MEMBERSHIP,
  _lt: compare('<'),
  _lte: compare('<='),
  _gt: compare('>'),
  _gte: compare('>='),
};
const TEXT = {
  ...ORDER,
  _contains: like(false, '%', '%'),
  _not_contains: like(true, '%', '%'),
  _starts_with: like(false, '', '%'),
  _not_starts_with: like(true, '', '%'),
  _ends_with: like(false, '%', ''),
  _not_ends_with: like(true, '%', ''),
};

const BY_SCALAR: Record<string, Record<string, Comparison>> = {
  ID: TEXT,
  String: TEXT,
  Int: ORDER,
  Float: ORDER,
  DateTime: ORDER,
  Boolean: EQUALITY,
  Json: {},
};

/** What a column of type `type` can be compared by, keyed by the suffix of the filter's name. */
export const filtersOf = (type: string): Record<string, Comparison> =>
  BY_SCALAR[type] ?? MEMBERSHIP;
