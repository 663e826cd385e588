import type { Exchange } from './exchange.js';
import { operationKind } from './operation-kind.js';
import { type OwnAnswer, refusal } from './own-answer.js';
import { bodyBytes, readBody } from './read-body.js';
import { type ServiceName, type StorageGate, storageRefusal } from './storage-gate.js';

/** The request may go on: as it comes, or with the body that was read to find that out. */
export type StorageVerdict = { readonly body?: Buffer } | { readonly answer: OwnAnswer };

/**
 * Whether a request still fits below the cap of its service. What surely fits is not looked into;
 * else the body tells whether the request writes. @throws when the client goes away
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
    // Who has gone away meanwhile is told of no more.
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

/** What a client reads who sends more than can be read as a whole. */
export const tooLarge = (limitBytes: number): OwnAnswer =>
  refusal(413, 'TOO_LARGE', `The body exceeds ${limitBytes} bytes.`);
