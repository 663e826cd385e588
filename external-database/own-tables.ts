import type { OpenDatabase } from './open-database.js';

/** Where servers keep what is deployed: two tables, whose case differs between releases. */
const PROJECTS = "lower(table_name) in ('project', 'migration')";

const QUERIES = {
  // One database has one server's tables, in a schema that all releases call so.
  postgres: `select table_schema as place from information_schema.tables
    where table_schema = 'management' and ${PROJECTS}
    group by table_schema having count(*) > 1`,
  // Services have databases of their own, named alike whoever made them: so a whole MySQL is one's.
  mysql: `select table_schema as place from information_schema.tables
    where table_schema not in ('mysql', 'sys', 'performance_schema', 'information_schema')
      and table_schema not like '%@%' and ${PROJECTS}
    group by table_schema having count(*) > 1`,
} as const;

/** Schemas (postgres) or databases (mysql) in which a Prisma server keeps its own tables. */
export async function ownTables(database: OpenDatabase): Promise<string[]> {
  const rows = await database.rows<{ place: string }>(QUERIES[database.connector]);
  return rows.map(({ place }) => place);
}
