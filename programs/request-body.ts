import type { IncomingMessage, ServerResponse } from 'node:http';

/** The announced length of the body; 0 when there is none, `undefined` when it comes in chunks. */
export function bodyBytes({ headers }: Pick<IncomingMessage, 'headers'>): number | undefined {
  if (headers['transfer-encoding'] !== undefined) return undefined;
  return Number(headers['content-length'] ?? 0);
}

/** Has the request a part that nobody has read? It would be taken for the next request. */
export const isUnread = (request: IncomingMessage): boolean =>
  bodyBytes(request) !== 0 && !request.complete;

/**
 * Whether the client is the one that delays: it does not read its answer, or does not send the
 * rest of its request.
 */
export function waitsForClient(request: IncomingMessage, response: ServerResponse): boolean {
  if (response.writableLength > 0) return true;
  return isUnread(request) && request.readableLength === 0;
}
