import type { FieldNode } from 'graphql';
import type { Exchange } from './exchange.js';
import { type OwnAnswer, refusal } from './own-answer.js';
import { bodyBytes, readBody } from './read-body.js';
import { readGraphql, rootFields } from './read-graphql.js';
import { type ServiceName, type StorageGate, storageRefusal } from './storage-gate.js';

/** The request may pass: as received, or with the body that had to be read. */
export type StorageVerdict = { readonly body?: Buffer } | { readonly answer: OwnAnswer };

/**
 * Whether a request fits under the cap of its service. Reads the body only when needed, to see
 * whether the request writes. @throws when the client leaves
 */
export async function checkStorage(
  gate: StorageGate,
  { request, response }: Pick<Exchange, 'request' | 'response'>,
  name: ServiceName,
  limitBytes: number,
  alwaysWrites: boolean,
): Promise<StorageVerdict> {
  const bytes = bodyBytes(request);
  const usage = await gate.usage(name, { bytes: bytes ?? 0, isFresh: gate.isLarge(bytes) });
  const isLetThrough = (size: number) => {
    const hasEnded = gate.letThrough(name, usage, size);
    // Clients that left meanwhile are not reported any more.
    if (response.destroyed) hasEnded?.();
    else if (hasEnded) response.once('close', hasEnded);
    return hasEnded !== undefined;
  };
  if (bytes !== undefined && isLetThrough(bytes)) return {};
  const beyond = { answer: refusal(200, 'STORAGE_CAP', storageRefusal(name, usage)) };
  const body = await readBody(request, limitBytes);
  if (body === undefined) return bytes === undefined ? { answer: tooLarge(limitBytes) } : beyond;
  const writes = alwaysWrites || operationKind(body) === 'write';
  return !writes || isLetThrough(body.length) ? { body } : beyond;
}

/** The answer to a client whose body exceeds the limit. */
export const tooLarge = (limitBytes: number): OwnAnswer =>
  refusal(413, 'TOO_LARGE', `The body exceeds ${limitBytes} bytes.`);

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
