import type { IncomingMessage } from 'node:http';

/** Larger bodies are refused. */
const LIMIT_BYTES = 8 * 1024 * 1024;

/** A body that was not taken, with the HTTP status that says so. */
export class BodyRefused extends Error {
  override name = 'BodyRefused';

  constructor(
    readonly status: 400 | 413 | 415,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The JSON that `request` carries. Other content types are refused, because a page of any web site
 * can make a browser send those here. @throws BodyRefused
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new BodyRefused(415, 'The content type must be application/json.');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // What is too much is read and dropped: an answer amid a body would be lost with its connection.
    if (size <= LIMIT_BYTES) chunks.push(chunk);
  }
  if (size > LIMIT_BYTES) throw new BodyRefused(413, `The body exceeds ${LIMIT_BYTES} bytes.`);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new BodyRefused(400, 'The body is not JSON.');
  }
}
