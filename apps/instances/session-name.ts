import { randomBytes } from 'node:crypto';

/** Name of a container in which somebody runs a command beside an instance. */
export const sessionName = (instance: string): string =>
  `${instance}-exec-${randomBytes(3).toString('hex')}`;

/** Is a container one of those? */
export const isSession = (name: string): boolean => /-exec-[0-9a-f]{6}$/.test(name);
