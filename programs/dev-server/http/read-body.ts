import type { IncomingMessage } from 'node:http';
import { BOUNDS, shapeOf } from '../../bounds.js';
import { reasonOf } from '../../log.js';
import { ApiError } from '../api-error.js';

/** Larger bodies are refused. */
const LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * Reads the body of `request`. Other content types are refused, because pages of any web site can make a
 * browser send those.
 * @param take counts the bytes, and may refuse them
 * @throws ApiError 413, 415
 */
export async function readBody(
  request: IncomingMessage,
  take: (bytes: number) => void,
): Promise<Buffer> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new ApiError(undefined, 'The content type must be application/json.', 415);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The excess is read and dropped: an answer in the middle of a body would be lost with its
    // connection.
    if (size > LIMIT_BYTES) continue;
    take(chunk.length);
    chunks.push(chunk);
  }
  if (size > LIMIT_BYTES) {
    throw new ApiError(undefined, `The body exceeds ${LIMIT_BYTES} bytes.`, 413);
  }
  return Buffer.concat(chunks);
}

/** The JSON in a body, whose size in memory is known before it is parsed. @throws ApiError 400 */
export function parseBody(body: Buffer): unknown {
  try {
    shapeOf(body, BOUNDS);
  } catch (error) {
    throw new ApiError(undefined, reasonOf(error), 400);
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ApiError(undefined, 'The body is not JSON.', 400);
  }
}
