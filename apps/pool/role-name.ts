import { createHash } from 'node:crypto';
import type { RoleOwner } from './pool-app.js';

/** Beginning of every role that the kit makes. */
export const ROLE_PREFIX = 'clusterkit_';

/**
 * Name of an application's role, such as `clusterkit_my_app`. A PostgreSQL that others run may serve several
 * clusters, and roles belong to all of its databases: there the name ends with a part of the cluster's identity.
 * Names of applications have no underscore and at most 30 characters, so no two get one name, and none is cut.
 */
export const roleName = (app: string, { identity, isRelayed }: RoleOwner): string =>
  [
    `${ROLE_PREFIX}${app.replaceAll('-', '_')}`,
    ...(isRelayed && identity !== undefined ? [hashOf(identity)] : []),
  ].join('_');

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);
