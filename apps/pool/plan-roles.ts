import type { Problem } from '../../lib/errors.js';
import type { DatabaseFacts } from './database-facts.js';
import type { PoolDatabase, RoleOwner, WantedRole } from './pool-app.js';
import { markOf, readMark } from './role-mark.js';
import { createRole, dropRole, grantSchema, revokeSchema, setRole } from './role-statements.js';

/** Statements that make a database's roles as they must be; none when they are. */
export interface RolePlan {
  /** Makes and changes roles: before the pool gets to know them. */
  readonly before: readonly string[];
  /** Drops roles: after the pool has forgotten them. */
  readonly after: readonly string[];
  readonly dropped: readonly string[];
}

/** Compares the roles of a database with those that applications need. */
export function planRoles(
  facts: DatabaseFacts,
  wanted: readonly WantedRole[],
  owner: RoleOwner & Pick<PoolDatabase, 'user' | 'database'>,
): RolePlan {
  const before = wanted.flatMap((role) => statementsFor(facts, role, owner));
  const names = new Set(wanted.map(({ role }) => role));
  const dropped = facts.roles
    .filter(({ name, comment }) => !names.has(name) && isOurs(comment, owner))
    .map(({ name }) => name);
  const after = dropped.flatMap((name) => dropRole(name, owner.user, facts));
  return { before, after, dropped };
}

function statementsFor(
  { roles, schemas }: DatabaseFacts,
  wanted: WantedRole,
  owner: RoleOwner & Pick<PoolDatabase, 'user' | 'database'>,
): string[] {
  const mark = markOf(wanted, owner);
  const found = roles.find(({ name }) => name === wanted.role);
  const schema = schemas.find(({ name }) => name === wanted.schema);
  const isSet = found?.comment === mark && found.connections === wanted.connections;
  return [
    ...(found ? [] : createRole(wanted)),
    ...(isSet ? [] : setRole(wanted, mark)),
    ...(found?.elsewhere ?? []).flatMap((other) => revokeSchema(wanted.role, other, owner.user)),
    ...(found?.isRight || !schema ? [] : grantSchema(wanted.role, schema, owner)),
  ];
}

/** Is a role, by its comment, one of this cluster? A database of its own has no others. */
export const isOurs = (comment: string | null, { identity, isRelayed }: RoleOwner): boolean => {
  const mark = readMark(comment);
  return mark !== undefined && (!isRelayed || mark.cluster === identity);
};

/** What keeps the kit from making these roles. @param cluster its path in its file, such as `clusters.local` */
export function roleProblems(
  facts: DatabaseFacts,
  wanted: readonly WantedRole[],
  owner: RoleOwner & Pick<PoolDatabase, 'user'>,
  cluster: string,
): { readonly absent: Problem[]; readonly taken: Problem[]; readonly rights: Problem[] } {
  const path = (app: string) => `${cluster}.apps.${app}.database`;
  const known = new Map(facts.roles.map(({ name, comment }) => [name, comment]));
  const absent = wanted.filter(
    ({ schema, mayLackService }) =>
      !mayLackService && !facts.schemas.some(({ name }) => name === schema),
  );
  const taken = wanted.filter(
    ({ role }) => known.has(role) && !isOurs(known.get(role) ?? null, owner),
  );
  const isNeeded = wanted.some(({ role }) => !known.has(role));
  return {
    absent: absent.map(({ app, schema }) => ({
      path: path(app),
      message: `the database has no schema '${schema}': its service is not deployed`,
      hint: 'Deploy the service first (`clusterkit deploy`), then the application.',
    })),
    taken: taken.map(({ app, role }) => ({
      path: path(app),
      message: `the database has a role '${role}' that the kit did not make for this cluster`,
      hint: 'Rename the application, or drop that role if nobody needs it.',
    })),
    rights:
      isNeeded && !facts.canCreateRoles
        ? [
            {
              path: `${cluster}.database.external.user`,
              message: `user '${owner.user}' may not create the roles of applications with database: direct`,
              hint: `Let an administrator run: alter role "${owner.user}" createrole`,
            },
          ]
        : [],
  };
}
