import { createHash } from 'node:crypto';

/** The table that links the nodes of a relation, with the columns `A` and `B`. */
export const linkTable = (relation: string): string => `_${relation}`;

/** An index name that fits the 63 bytes of a PostgreSQL identifier, whatever it is made from. */
export const indexName = (table: string, column: string): string =>
  `ix_${createHash('sha256').update(`${table}.${column}`).digest('hex').slice(0, 24)}`;

/** The database schema of a service: unlike every name of PostgreSQL's own, it has a `$`. */
export const namespaceOf = (service: string, stage: string): string => `${service}$${stage}`;
