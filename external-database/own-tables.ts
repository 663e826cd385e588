import type { OpenDatabase } from './open-database.js';

/** A server's two tables of deployed services; their case differs between releases. */
const PROJECTS = "lower(table_name) in ('project', 'migration')";

const QUERIES = {
  // A database holds the tables of one server, in a schema with the same name in all releases.
  postgres: `select table_schema as place from information_schema.tables
    where table_schema = 'management' and ${PROJECTS}
    group by table_schema having count(*) > 1`,
  // Each service has its own database, named alike by every server, so one server owns a whole
  // MySQL.
  mysql: `select table_schema as place from information_schema.tables
    where table_schema not in ('mysql', 'sys', 'performance_schema', 'information_schema')
      and table_schema not like '%@%' and ${PROJECTS}
    group by table_schema having count(*) > 1`,
} as const;

/** Schemas (postgres) or databases (mysql) that hold a Prisma server's own tables. */
export async function ownTables(database: OpenDatabase): Promise<string[]> {
  const rows = await database.rows<{ place: string }>(QUERIES[database.connector]);
  return rows.map(({ place }) => place);
}
