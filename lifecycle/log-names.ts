import { CONTAINER_ROLES } from '../cluster/names.js';
import { rolesOf } from '../cluster/roles.js';
import type { ClusterSettings } from '../cluster/settings/settings.js';
import type { Target } from '../targets/target.js';

/** Roles in the order of help texts, the most useful first. */
const ROLES = ['server', 'database', 'gateway', 'proxy'] as const;

/** Every log that a cluster on some target may have. */
export const allLogs = (targets: readonly Target[]): readonly string[] => [
  ...ROLES,
  ...targets.flatMap(({ logs = [] }) => logs.map(({ name }) => name)),
];

/** The logs of one cluster. For an external database `database` is the relay's log. */
export function logsOf(settings: ClusterSettings, { logs = [] }: Target): readonly string[] {
  const roles: readonly string[] = rolesOf(settings);
  return [...ROLES.filter((role) => roles.includes(role)), ...logs.map(({ name }) => name)];
}

/** Is it the log of a container? */
export const isRole = (log: string): log is (typeof CONTAINER_ROLES)[number] =>
  CONTAINER_ROLES.some((role) => role === log);
