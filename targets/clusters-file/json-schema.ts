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
    ...withExtensions(schema),
  };
}

/** `schema` with keys that start with `x-` in every map: they belong to the user. */
function withExtensions(schema: Record<string, unknown>): Record<string, unknown> {
  const deep = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(deep);
    return typeof value === 'object' && value !== null
      ? withExtensions(value as Record<string, unknown>)
      : value;
  };
  const result = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, deep(value)]),
  );
  return schema.additionalProperties === false
    ? { ...result, patternProperties: { '^x-': {} } }
    : result;
}
