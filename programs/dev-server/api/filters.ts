import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { DatabaseKind } from '../database/database-kind.js';
import { requireFinite } from './values.js';

const ORDER: Record<string, string> = { _lt: '<', _lte: '<=', _gt: '>', _gte: '>=' };
const TEXT = ['contains', 'starts_with', 'ends_with'].flatMap((name) => [
  `_${name}`,
  `_not_${name}`,
]);

const EQUALITY = ['', '_not'];
const MEMBERSHIP = [...EQUALITY, '_in', '_not_in'];
const COMPARISON = [...MEMBERSHIP, ...Object.keys(ORDER)];
const BY_TYPE: Record<string, readonly string[]> = {
  ID: [...COMPARISON, ...TEXT],
  String: [...COMPARISON, ...TEXT],
  Int: COMPARISON,
  Float: COMPARISON,
  DateTime: COMPARISON,
  Boolean: EQUALITY,
  Json: [],
};

/** The suffixes of a field's filters, such as `_not_in`. */
export const filtersOf = (type: string): readonly string[] => BY_TYPE[type] ?? MEMBERSHIP;

/** The condition of the filter with this suffix. */
export function compare(
  suffix: string,
  column: RawBuilder<unknown>,
  value: unknown,
  { among }: Pick<DatabaseKind, 'among'>,
): RawBuilder<SqlBool> {
  requireFinite(value);
  const order = ORDER[suffix];
  if (order) return sql`${column} ${sql.raw(order)} ${value}`;
  const isNegated = suffix.startsWith('_not');
  const not = isNegated ? sql`not ` : sql``;
  if (EQUALITY.includes(suffix)) {
    return value === null
      ? sql`${column} is ${not}null`
      : sql`${column} ${sql.raw(isNegated ? '<>' : '=')} ${value}`;
  }
  if (suffix.endsWith('_in')) {
    const values = ([] as unknown[]).concat(value);
    if (values.length === 0) return sql`${sql.lit(isNegated)}`;
    const isIn = sql<SqlBool>`${column} ${among(values)}`;
    return isNegated ? sql`not (${isIn})` : isIn;
  }
  const text = String(value).replace(/[\\%_]/g, '\\$&');
  const pattern = `${suffix.endsWith('starts_with') ? '' : '%'}${text}${suffix.endsWith('ends_with') ? '' : '%'}`;
  return sql`${column} ${not}like ${pattern}`;
}
