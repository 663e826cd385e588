import { z } from 'zod';
import { TARGETS } from '../all.js';
import { clustersFile } from './schema.js';

/**
 * The JSON Schema of `clusters.yml`, for editors; committed as `templates/clusters.schema.json`.
 * Draft 7, because editors' YAML language servers support it best.
 */
export function clustersJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(clustersFile(TARGETS), {
    target: 'draft-7',
    io: 'input',
  });
  return {
    $schema,
    title: 'clusterkit clusters',
    description: 'The Prisma 1 clusters of a project.',
    ...schema,
  };
}
