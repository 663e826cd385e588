import { requireGeneration } from '../prisma/generation.js';
import type { Connector } from './databases.js';

/**
 * Format of a cluster's data. The kinds of database cannot read each other's files. Servers up to 1.6
 * store deployments in a different place than later ones, so neither finds those of the other.
 */
export type DataLayout = Connector | 'mysql-1.6';

/** The layout that a server of this version creates and needs. */
export const dataLayoutOf = (version: string, connector: Connector): DataLayout =>
  requireGeneration(version) === 'A' ? 'mysql-1.6' : connector;

/** The layouts in messages. */
export const LAYOUT_NAMES: Readonly<Record<DataLayout, string>> = {
  postgres: 'PostgreSQL',
  mysql: 'MySQL, for servers from 1.7 on',
  'mysql-1.6': 'MySQL, for servers up to 1.6',
};
