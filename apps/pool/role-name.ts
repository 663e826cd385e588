import { createHash } from 'node:crypto';
import type { RoleOwner } from './pool-app.js';

/** Beginning of every role that the kit makes. */
export const ROLE_PREFIX = 'clusterkit_';

/** PostgreSQL cuts names after 63 bytes, silently. */
const LONGEST = 63;

/**
 * Name of an application's role, such as `clusterkit_my_app`. A PostgreSQL that others run may serve several
 * clusters, and roles belong to all of its databases: there the name ends with a part of the cluster's identity.
 * Two names that would be one (`a-b` and `a_b`) or too long get a hash.
 */
export function roleName(app: string, { identity, isRelayed }: RoleOwner): string {
  const place = isRelayed && identity !== undefined ? `_${hashOf(identity)}` : '';
  const name = `${ROLE_PREFIX}${app.replaceAll('-', '_')}`;
  const isPlain = /^[a-z0-9-]+$/.test(app) && name.length + place.length <= LONGEST;
  if (isPlain) return `${name}${place}`;
  const short = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]/g, '_')
    .slice(0, 40);
  return `${short}_${hashOf(app)}${place}`;
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);
