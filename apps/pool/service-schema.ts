import { identifier } from '../../lib/database-identifier.js';

/**
 * The schema with the tables of a service: `<service>$<stage>`, or the one that `database.schema` sets for all
 * services of the server.
 */
export const serviceSchema = (service: string, stage: string, schema?: string): string =>
  schema ?? identifier(`${service}$${stage}`);
