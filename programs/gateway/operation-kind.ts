import type { FieldNode } from 'graphql';
import { readGraphql, rootFields } from './read-graphql.js';

/** What a request does to the size of a service's data. */
export type OperationKind = 'read' | 'delete' | 'write';

/** `deleteUser`, `deleteManyUsers`, and what empties a service as a whole. */
const DELETES = /^(delete[A-Z]\w*|resetData)$/;

/**
 * What a body asks for. Mutations that only delete are deletes; mixed ones, and what cannot be read,
 * are writes.
 */
export function operationKind(body: Buffer): OperationKind {
  try {
    const fields = readGraphql(body).flatMap((request) =>
      request.operations
        .filter(({ operation }) => operation === 'mutation')
        .flatMap((operation) => rootFields(request, operation)),
    );
    if (fields.length === 0) return 'read';
    return fields.every(isDelete) ? 'delete' : 'write';
  } catch {
    return 'write';
  }
}

const isDelete = ({ name: { value } }: FieldNode) => value === '__typename' || DELETES.test(value);
