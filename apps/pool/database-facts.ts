import { z } from 'zod';
import { CAPACITY_SQL } from '../../clients/database/postgres-capacity.js';
import type { WantedRole } from './pool-app.js';
import { ROLE_PREFIX } from './role-name.js';
import { literal } from './sql-text.js';

const schemaFacts = z.object({ name: z.string(), owner: z.string() });

const factsSchema = z.object({
  /** As `server_version_num`. */
  version: z.int(),
  maxConnections: z.int(),
  /** Of them, those that only superusers and like roles get. */
  reserved: z.int(),
  isSuper: z.boolean(),
  canCreateRoles: z.boolean(),
  /** Those of {@link WantedRole} that exist. */
  schemas: z.array(schemaFacts),
  roles: z.array(
    z.object({
      name: z.string(),
      comment: z.string().nullable(),
      /** Its `connection limit`. */
      connections: z.int(),
      /** It has its search path, and its rights on all tables of its schema and on those to come. */
      isRight: z.boolean(),
      /** Other schemas on which it has rights of its own. */
      elsewhere: z.array(schemaFacts),
    }),
  ),
});

/** What a database says of itself and of the kit's roles. */
export type DatabaseFacts = z.output<typeof factsSchema>;

/** @throws Error when it is not the answer to {@link factsQuery} */
export const parseFacts = (text: string): DatabaseFacts => factsSchema.parse(JSON.parse(text));

/** A query for {@link DatabaseFacts} as JSON, for PostgreSQL 9.4 and later. */
export function factsQuery(wanted: readonly Pick<WantedRole, 'role' | 'schema'>[]): string {
  const pairs = wanted.map(({ role, schema }) => `(${literal(role)}, ${literal(schema)})`);
  const rows = pairs.length === 0 ? '(null, null)' : pairs.join(', ');
  return `with wanted (role, schema) as (values ${rows})
select json_build_object(
  'version', current_setting('server_version_num')::int,
  'maxConnections', ${CAPACITY_SQL.maxConnections},
  'reserved', ${CAPACITY_SQL.reserved},
  'isSuper', me.rolsuper,
  'canCreateRoles', me.rolsuper or me.rolcreaterole,
  'schemas', (select coalesce(json_agg(${SCHEMA}), '[]') from pg_namespace n
    where n.nspname in (select schema from wanted)),
  'roles', (select coalesce(json_agg(json_build_object(
      'name', r.rolname,
      'comment', shobj_description(r.oid, 'pg_authid'),
      'connections', r.rolconnlimit,
      'isRight', coalesce(${IS_RIGHT}, false),
      'elsewhere', ${ELSEWHERE})), '[]')
    from pg_roles r
    left join wanted w on w.role = r.rolname
    left join pg_namespace n on n.nspname = w.schema
    where left(r.rolname, ${ROLE_PREFIX.length}) = ${literal(ROLE_PREFIX)}))
from pg_roles me where me.rolname = current_user`;
}

const SCHEMA = `json_build_object('name', n.nspname, 'owner', pg_get_userbyid(n.nspowner))`;

/** Tables, views and partitioned tables. */
const TABLES = `('r', 'v', 'm', 'f', 'p')`;

const IS_RIGHT = `r.rolcanlogin
  and r.rolconfig @> array['search_path=' || quote_ident(w.schema)]
  and has_schema_privilege(r.oid, n.oid, 'USAGE')
  and not exists (select 1 from pg_class c where c.relnamespace = n.oid and c.relkind in ${TABLES}
    and not (has_table_privilege(r.oid, c.oid, 'SELECT') and has_table_privilege(r.oid, c.oid, 'DELETE')))
  and exists (select 1 from pg_default_acl d, aclexplode(d.defaclacl) a
    where d.defaclnamespace = n.oid and d.defaclobjtype = 'r' and a.grantee = r.oid)`;

const ELSEWHERE = `(select coalesce(json_agg(json_build_object(
    'name', o.nspname, 'owner', pg_get_userbyid(o.nspowner))), '[]')
  from pg_namespace o
  where o.nspname is distinct from w.schema
    and exists (select 1 from aclexplode(o.nspacl) a where a.grantee = r.oid))`;
