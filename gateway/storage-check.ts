import type { Exchange } from './exchange.js';
import { operationKind } from './operation-kind.js';
import { type OwnAnswer, refusal } from './own-answer.js';
import { bodyBytes, readBody } from './read-body.js';
import { isBeyond, type ServiceName, type StorageGate, storageRefusal } from './storage-gate.js';

/** The request may go on: as it comes, or with the body that was read to find that out. */
export type StorageVerdict = { readonly body?: Buffer } | { readonly answer: OwnAnswer };

/**
 * Whether a request still fits below the cap of its service. What surely fits is not looked into;
 * else the body tells whether the request writes. @throws when the client goes away
 */
export async function checkStorage(
  gate: StorageGate,
  { request }: Pick<Exchange, 'request'>,
  name: ServiceName,
  limitBytes: number,
  alwaysWrites: boolean,
): Promise<StorageVerdict> {
  const bytes = bodyBytes(request);
  const usage = await gate.usage(name, { bytes: bytes ?? 0, isFresh: gate.isLarge(bytes) });
  if (bytes !== undefined && !isBeyond(usage, bytes)) return {};
  const beyond = { answer: refusal(200, 'STORAGE_CAP', storageRefusal(name, usage)) };
  const body = await readBody(request, limitBytes);
  if (body === undefined) return bytes === undefined ? { answer: tooLarge(limitBytes) } : beyond;
  const writes = alwaysWrites || operationKind(body) === 'write';
  return writes && isBeyond(usage, body.length) ? beyond : { body };
}

/** What a client reads who sends more than can be read as a whole. */
export const tooLarge = (limitBytes: number): OwnAnswer =>
  refusal(413, 'TOO_LARGE', `The body exceeds ${limitBytes} bytes.`);
