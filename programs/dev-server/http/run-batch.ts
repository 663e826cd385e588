import { BOUNDS } from '../../bounds.js';
import { ApiError } from '../api-error.js';
import type { HttpReply } from './run-graphql.js';

/**
 * Runs a request, or a list of them: generated clients always send lists. A list is run in its order and
 * answered by a list of the results; 400 when one of them was unreadable.
 * @throws ApiError 400 when it is too long
 */
export async function runBatch(
  body: unknown,
  run: (request: unknown) => Promise<HttpReply>,
): Promise<HttpReply> {
  if (!Array.isArray(body)) return run(body);
  if (body.length > BOUNDS.requests) {
    const text = `The body has more than ${BOUNDS.requests} requests.`;
    throw new ApiError(undefined, text, 400);
  }
  const replies: HttpReply[] = [];
  for (const request of body) replies.push(await run(request));
  const status = Math.max(200, ...replies.map((reply) => reply.status));
  return { status, body: replies.map((reply) => reply.body) };
}
