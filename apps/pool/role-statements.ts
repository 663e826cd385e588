import type { DatabaseFacts } from './database-facts.js';
import type { PoolDatabase, WantedRole } from './pool-app.js';
import { identifier, literal } from './sql-text.js';

type Schema = DatabaseFacts['schemas'][number];

const ON_TABLES = 'select, insert, update, delete on tables';
const ON_SEQUENCES = 'usage, select, update on sequences';

/** A new role has no rights, and cannot make roles or databases. */
export const createRole = ({ role }: WantedRole): string[] => [`create role ${identifier(role)}`];

/** Login, limit, password and search path, and the comment that says so. */
export function setRole(
  { role, connections, verifier, schema }: WantedRole,
  mark: string,
): string[] {
  const name = identifier(role);
  return [
    `alter role ${name} with login connection limit ${connections} password ${literal(verifier)}`,
    `alter role ${name} set search_path to ${identifier(schema)}`,
    `comment on role ${name} is ${literal(mark)}`,
  ];
}

/**
 * Rights on the rows of a schema: those of its tables, and of tables that later deployments of the service make. Not
 * on its definition.
 */
export function grantSchema(
  role: string,
  schema: Schema,
  { user, database }: Pick<PoolDatabase, 'user' | 'database'>,
): string[] {
  const [to, place] = [identifier(role), identifier(schema.name)];
  return [
    `alter role ${to} with login`,
    `alter role ${to} set search_path to ${place}`,
    `grant connect on database ${identifier(database)} to ${to}`,
    `grant usage on schema ${place} to ${to}`,
    `grant ${onAll(ON_TABLES, place)} to ${to}`,
    `grant ${onAll(ON_SEQUENCES, place)} to ${to}`,
    ...makersOf(schema, user).flatMap((maker) => [
      `alter default privileges for role ${maker} in schema ${place} grant ${ON_TABLES} to ${to}`,
      `alter default privileges for role ${maker} in schema ${place} grant ${ON_SEQUENCES} to ${to}`,
    ]),
  ];
}

/** Takes all rights on a schema from a role. */
export function revokeSchema(role: string, schema: Schema, user: string): string[] {
  const [from, place] = [identifier(role), identifier(schema.name)];
  return [
    ...['tables', 'sequences'].map(
      (kind) => `revoke all on all ${kind} in schema ${place} from ${from}`,
    ),
    ...makersOf(schema, user).flatMap((maker) =>
      ['tables', 'sequences'].map(
        (kind) =>
          `alter default privileges for role ${maker} in schema ${place} revoke all on ${kind} from ${from}`,
      ),
    ),
    `revoke all on schema ${place} from ${from}`,
  ];
}

/** Ends the sessions of a role, and removes it with its rights. Other than superusers must be members for that. */
export function dropRole(
  role: string,
  user: string,
  { isSuper }: Pick<DatabaseFacts, 'isSuper'>,
): string[] {
  const name = identifier(role);
  return [
    ...(isSuper ? [] : [`grant ${name} to ${identifier(user)}`]),
    `select pg_terminate_backend(pid) from pg_stat_activity where usename = ${literal(role)}`,
    `drop owned by ${name}`,
    `drop role ${name}`,
  ];
}

/** Who makes tables in a schema: the server, whose login the kit uses, and the owner of the schema. */
const makersOf = ({ owner }: Schema, user: string) => [...new Set([user, owner])].map(identifier);

const onAll = (rights: string, place: string) =>
  rights.replace(/ on (\w+)$/, ` on all $1 in schema ${place}`);
