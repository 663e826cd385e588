import type { OpenDatabase } from './open-database.js';

/** How many connections a PostgreSQL accepts. */
export interface Capacity {
  /** Its `max_connections`. */
  readonly maxConnections: number;
  /** Of them, those that only superusers and like roles get. @default 3 */
  readonly reserved?: number | undefined;
}

/** Expressions in SQL for the parts of a {@link Capacity}; the second kind of reserve is of PostgreSQL 16. */
export const CAPACITY_SQL = {
  maxConnections: `current_setting('max_connections')::int`,
  reserved: `(select sum(setting::int)::int from pg_settings
    where name in ('superuser_reserved_connections', 'reserved_connections'))`,
} as const;

/** Asks a PostgreSQL. */
export async function readCapacity({ rows }: Pick<OpenDatabase, 'rows'>): Promise<Capacity> {
  const { maxConnections, reserved } = CAPACITY_SQL;
  const [row] = await rows<{ most: number; reserved: number }>(
    `select ${maxConnections} as most, ${reserved} as reserved`,
  );
  if (row === undefined)
    throw new Error('the database did not say how many connections it accepts');
  return { maxConnections: row.most, reserved: row.reserved };
}
