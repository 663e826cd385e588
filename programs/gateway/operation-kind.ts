import type { FieldNode } from 'graphql';
import { readGraphql, rootFields } from './read-graphql.js';

/** The effect of a request on the size of a service's data. */
export type OperationKind = 'read' | 'delete' | 'write';

/** `deleteUser`, `deleteManyUsers`, and the mutation that empties a service. */
const DELETES = /^(delete[A-Z]\w*|resetData)$/;

/**
 * The kind of a GraphQL request. Mutations that only delete are deletes; mixed and unreadable ones
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
