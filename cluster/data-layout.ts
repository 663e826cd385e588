import { requireGeneration } from '../prisma/generation.js';
import type { Connector } from './databases.js';

/**
 * What can read a cluster's data. The kinds of database cannot read each other's files, and servers
 * up to 1.6 keep what is deployed in another place than later ones, which would find nothing.
 */
export type DataLayout = Connector | 'mysql-1.6';

/** The layout that a server of this version makes and needs. */
export const dataLayoutOf = (version: string, connector: Connector): DataLayout =>
  requireGeneration(version) === 'A' ? 'mysql-1.6' : connector;

/** In words, for messages. */
export const LAYOUT_NAMES: Readonly<Record<DataLayout, string>> = {
  postgres: 'PostgreSQL',
  mysql: 'MySQL, for servers from 1.7 on',
  'mysql-1.6': 'MySQL, for servers up to 1.6',
};
