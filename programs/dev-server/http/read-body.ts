import type { IncomingMessage } from 'node:http';
import { ApiError } from '../api-error.js';

/** Larger bodies are refused. */
const LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * Reads the JSON body of `request`. Other content types are refused, because pages of any web site
 * can make a browser send those. @throws ApiError 400, 413, 415
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new ApiError(undefined, 'The content type must be application/json.', 415);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The excess is read and dropped: an answer in the middle of a body would be lost with its
    // connection.
    if (size <= LIMIT_BYTES) chunks.push(chunk);
  }
  if (size > LIMIT_BYTES) {
    throw new ApiError(undefined, `The body exceeds ${LIMIT_BYTES} bytes.`, 413);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new ApiError(undefined, 'The body is not JSON.', 400);
  }
}
