/** What has a log: the containers, and the first boot of a droplet. */
export const LOGS = ['server', 'database', 'cloud-init'] as const;

/** One of them. */
export type LogName = (typeof LOGS)[number];
