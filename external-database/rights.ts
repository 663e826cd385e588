import type { OpenDatabase } from '../clients/database/open-database.js';
import { MARK_SCHEMA } from './mark.js';
import { missingRights } from './mysql-grants.js';

/** Describes the rights that the login lacks. Only reads. */
export const lackingRights = (database: OpenDatabase): Promise<string[]> =>
  database.connector === 'postgres' ? onPostgres(database) : onMysql(database);

/** A server creates schemas for itself and its services with the first right, and owns them. */
async function onPostgres(database: OpenDatabase): Promise<string[]> {
  const [row] = await database.rows<{ here: string; can: boolean }>(
    `select current_database() as here,
       has_database_privilege(current_user, current_database(), 'CREATE') as can`,
  );
  const foreign = await database.rows<{ name: string }>(
    `select nspname as name from pg_namespace
      where (nspname in ('management', '${MARK_SCHEMA}') or nspname like '%$%')
        and not pg_has_role(current_user, nspowner, 'USAGE')
      order by 1`,
  );
  return [
    ...(row?.can ? [] : [`CREATE on database "${row?.here}"`]),
    ...foreign.map(({ name }) => `ownership of schema "${name}"`),
  ];
}

async function onMysql(database: OpenDatabase): Promise<string[]> {
  const grants = await grantsOf(database);
  // Any name stands for all services: the real names are not known yet.
  const places = [database.database, MARK_SCHEMA, SERVICE];
  const lacks = places.map((place) => missingRights(grants, place).join(', '));
  if (new Set(lacks).size === 1) return lacks[0] ? [`${lacks[0]} on *.*`] : [];
  return places.flatMap((place, i) =>
    lacks[i] ? [`${lacks[i]} on \`${place === SERVICE ? '%@%' : place}\`.*`] : [],
  );
}

const SERVICE = 'any-service@any-stage';

async function grantsOf(database: OpenDatabase): Promise<string[]> {
  const lines = async (sql: string) =>
    (await database.rows<Record<string, string>>(sql)).flatMap((row) => Object.values(row));
  const direct = await lines('show grants');
  if (!direct.some((line) => /^GRANT `[^`]*`(@`[^`]*`)? TO /.test(line))) return direct;
  // MySQL 8 lists the rights of a role only when the query names it; MariaDB always does.
  const [active = 'NONE'] = await lines('select current_role()').catch(() => []);
  if (active === 'NONE') return direct;
  return lines(`show grants for current_user() using ${active}`).catch(() => direct);
}
