import { type OwnAnswer, refusal } from '../../own-answer.js';
import type { Exchange } from '../exchange.js';
import { readGraphql } from '../graphql/read-graphql.js';
import { type ServiceName, type StorageGate, storageRefusal } from './storage-gate.js';
import { importSize, type WriteSize, writeSize } from './write-size.js';

/**
 * The answer to a request that does not fit under the cap of its service; none when it may pass.
 * @param kind of the endpoint: an import is no GraphQL
 */
export async function checkStorage(
  gate: StorageGate,
  exchange: Pick<Exchange, 'response' | 'isAnswered'>,
  name: ServiceName,
  body: Buffer,
  kind: 'graphql' | 'import',
): Promise<OwnAnswer | undefined> {
  let size: WriteSize;
  try {
    size = kind === 'import' ? importSize(body) : writeSize(readGraphql(body));
  } catch (error) {
    // What the gateway cannot read, it cannot count.
    return refusal(400, 'BAD_REQUEST', (error as Error).message);
  }
  if (size.bytes === 0) return undefined;
  const admission = await gate.admit(name, size);
  if (admission.kind === 'unknown') return UNKNOWN;
  if (admission.kind === 'beyond') {
    return refusal(200, 'STORAGE_CAP', storageRefusal(name, admission.usage));
  }
  const { response } = exchange;
  // Clients that left meanwhile are not reported any more; nothing has reached the server.
  if (response.destroyed) admission.done(true);
  else response.once('close', () => admission.done(exchange.isAnswered));
  return undefined;
}

const UNKNOWN: OwnAnswer = {
  ...refusal(
    503,
    'STORAGE_UNKNOWN',
    'The storage of the service cannot be measured at the moment.',
  ),
  retryAfterMs: 5_000,
};
